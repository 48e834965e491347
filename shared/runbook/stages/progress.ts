import { z } from 'zod';
import type { FlowPartition } from '../../flow/flow.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import { dueOf } from '../../offsets/due.ts';
import { sideBySide } from '../../reconcile/side-by-side.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { StageTime } from '../stage.ts';
import { onSource } from './partitions.ts';

/** A batch is delivered and copied within; what does not move for so long is not being copied. */
const STILL_MS = 30_000;
/** Most have moved on by then, and the logs of the others are read. */
const READ_AFTER_MS = 2_000;
/** Logs that are read at a time, to see whether what is left of them holds a record. */
const READ_AT_ONCE = 8;

/** As evidence, until the next look: where each stood that had something to copy and was not seen to move on since. */
const earlier = z.object({ progress: z.object({ since: z.number(), at: z.record(z.string(), z.number()) }) });

export interface Progress {
  /** When it was first looked, ms since the epoch. */
  readonly since: number;
  /** By partition, the first offset that is not copied, of those that were not seen to move on yet. */
  readonly at: Readonly<Record<string, number>>;
}

export interface ProgressLook {
  readonly progress: Progress;
  /** Partitions that have not moved for long: `orders-3 stands at offset 120 of 250`. */
  readonly still: readonly string[];
}

type Ports = Pick<RunbookPorts, 'from' | 'forward' | 'clock'>;

/** What the looks of the call before came to. */
export function progressBefore({ last }: StageTime): Progress | undefined {
  return earlier.safeParse(last).data?.progress;
}

/**
 * One of several looks at how far partitions are copied. Those that had something to copy at the first look have to move on,
 * wherever the end of their log has got to by then. Offsets without a record are nothing to copy, nor is what a transaction
 * keeps open.
 * @throws CausewayError when the source or the offset map does not answer
 */
export async function lookAtProgress(
  { from, forward, clock }: Ports,
  partitions: readonly FlowPartition[],
  before: Progress | undefined,
): Promise<ProgressLook> {
  const now = clock.now();
  const since = before?.since ?? now;
  const asked = before ? partitions.filter((each) => describeTopicPartition(each) in before.at) : partitions;
  if (asked.length === 0) return { progress: { since, at: {} }, still: [] };
  const places = asked.map(onSource);
  // The heads first: an end that is read after them cannot be behind what they tell.
  const heads = await forward.heads(asked);
  const [ends, stable] = await Promise.all([from.cluster.ends(places), from.cluster.stableEnds(places)]);
  const standing = asked.flatMap((partition): Standing[] => {
    const head = heads.get(partition.topic)?.get(partition.partition);
    const log = ends.get(partition.topic)?.get(partition.partition);
    const end = stable.get(partition.topic)?.get(partition.partition);
    if ((head && !isTold(head)) || log === undefined || !isTold(log) || typeof end !== 'number') return [];
    const next = Math.max(log.logStart, dueOf(partition, head, log.logEnd));
    const name = describeTopicPartition(partition);
    const hasMoved = before !== undefined && before.at[name] !== next;
    return next >= Math.min(end, log.logEnd) || hasMoved ? [] : [{ partition, name, next, end }];
  });
  const left = now < since + READ_AFTER_MS ? standing : await withRecords(forward, standing);
  const over = now >= since + STILL_MS;
  return {
    progress: { since, at: Object.fromEntries(left.map(({ name, next }) => [name, next])) },
    still: over ? left.map(({ name, next, end }) => `${name} stands at offset ${next} of ${end}`) : [],
  };
}

interface Standing {
  readonly partition: FlowPartition;
  readonly name: string;
  readonly next: number;
  readonly end: number;
}

async function withRecords(forward: Ports['forward'], standing: readonly Standing[]): Promise<readonly Standing[]> {
  const found = await sideBySide(
    standing,
    async (each) => ((await forward.hasRecords(each.partition, each.next, each.end)) ? [each] : []),
    undefined,
    READ_AT_ONCE,
  );
  return found.flat();
}
