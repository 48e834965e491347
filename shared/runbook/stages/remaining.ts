import type { FlowPartition } from '../../flow/flow.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import { dueOf } from '../../offsets/due.ts';
import { sideBySide } from '../../reconcile/side-by-side.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import { onSource } from './partitions.ts';

/** What of one partition is not in the target, or is not known to be. */
export interface Remaining {
  readonly topic: string;
  readonly partition: number;
  /** Offsets from where it is copied to, to the end of the log. */
  readonly offsets: number;
  /** Why nothing more can be said now; undefined: there are records that are not copied. */
  readonly because: string | undefined;
}

/** Logs that are read at a time, to see whether what is left of them holds a record. */
const READ_AT_ONCE = 8;

/**
 * Of each partition what the flow has not copied: counted from the end of the source's log and `HEAD`. Offsets at the end
 * that hold no record (a transaction's marker, what compaction took away) are none. An open transaction keeps its
 * partition: what it wrote may still be committed.
 * @throws CausewayError when the source or the offset map does not answer
 */
export async function remaining(
  { from, forward }: Pick<RunbookPorts, 'from' | 'forward'>,
  partitions: readonly FlowPartition[],
): Promise<readonly Remaining[]> {
  const places = partitions.map(onSource);
  // The heads first: an end that is read after them cannot be behind what they tell.
  const heads = await forward.heads(partitions);
  const [ends, stable] = await Promise.all([from.cluster.ends(places), from.cluster.stableEnds(places)]);
  const left = await sideBySide(
    partitions,
    async (each): Promise<Remaining | undefined> => {
      const { topic, partition } = each;
      const head = heads.get(topic)?.get(partition);
      const log = ends.get(topic)?.get(partition) ?? NOT_TOLD;
      const committedEnd = stable.get(topic)?.get(partition) ?? NOT_TOLD;
      const unknown = (because: string) => ({ topic, partition, offsets: 0, because });
      if (head && !isTold(head)) return unknown(`the offset map does not tell: ${head.code}`);
      if ('code' in log) return unknown(`the source does not tell its end: ${log.code}`);
      if (typeof committedEnd !== 'number') return unknown(`the source does not tell its end: ${committedEnd.code}`);
      const next = Math.max(log.logStart, dueOf(each, head, log.logEnd));
      const offsets = Math.max(0, log.logEnd - next);
      if (committedEnd < log.logEnd) {
        return { topic, partition, offsets, because: `a transaction is open since offset ${committedEnd}` };
      }
      if (offsets === 0 || !(await forward.hasRecords(each, next, log.logEnd))) return undefined;
      return { topic, partition, offsets, because: undefined };
    },
    undefined,
    READ_AT_ONCE,
  );
  return left.flatMap((each) => each ?? []);
}

const NOT_TOLD = { code: 'NOT_ANSWERED' } as const;

/** `orders-3: 120 records` */
export function describeRemaining({ because, offsets, ...place }: Remaining): string {
  return `${describeTopicPartition(place)}: ${because ?? `${offsets} records`}`;
}
