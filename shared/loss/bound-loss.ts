import { describeTopicPartition } from '../mm2/topic-partition.ts';
import { totalGrowth } from './growth.ts';
import {
  type BoundedLoss,
  type CopiedPartition,
  type Interval,
  type PartitionLoss,
  partitionLoss,
} from './partition-loss.ts';
import type { PartitionEnds, SourceEnds } from './source-ends.ts';

/** A silence that nobody confirmed since says nothing of now; `heartbeat` does each 10 s, with gaps between its runs. */
const CONFIRMED_MS = 60_000;
/** A sample further back than this leaves more to estimate than it tells. */
const WIDE_MS = 10_000;

export interface LossQuestion {
  /** Undefined: none were ever stored. */
  readonly ends: SourceEnds | undefined;
  /** From the flow's HEADs, read after the flow was held. */
  readonly copied: readonly CopiedPartition[];
  /**
   * When nobody wrote to the source any more, ms since the epoch, where that is known by other means: its writers were
   * fenced and its ends seen to stay. Undefined otherwise.
   */
  readonly writersStoppedAt?: number | undefined;
  /** ms since the epoch, by the clock of `heartbeat` as far as clocks agree. */
  readonly now: number;
}

/**
 * How the end of writing is known:
 * - writers-stopped: it was told
 * - silence: from when on the source did not answer. A source that cannot be reached and still serves its own region takes
 *   more than this says: nobody outside of it can tell how much.
 * - now: the source still answered when it was seen last, or nobody looks any more; until it is stopped, more is written.
 */
export type EndOfWriting = 'writers-stopped' | 'silence' | 'now';

/** What is on a source and was not copied. */
export interface LossBound {
  readonly partitions: readonly PartitionLoss[];
  /** Of all partitions that are not unknown. `atMost` is not more than the sum of theirs, and often less. */
  readonly records: Interval;
  /** Of the partition that lost most, in seconds; `atMost` is undefined where that of any partition is. */
  readonly ageSeconds: { readonly atLeast: number; readonly atMost: number | undefined };
  /** Every partition is known, and not one record more or less. */
  readonly exact: boolean;
  /** Partitions of which nothing can be said. */
  readonly unknown: number;
  /** Some partition was told of last more than 10 s before writing ended: most of its interval is an estimate. */
  readonly wide: boolean;
  readonly endedBy: { readonly at: number; readonly known: EndOfWriting };
}

/**
 * What is lost if the source never comes back. The true numbers are inside the intervals as long as
 * - the source was written to, after it told its ends last, no faster than in the 15 to 30 seconds before (and as much
 *   faster as the last seconds were uneven);
 * - nobody wrote to it after `endedBy.at`;
 * - no partition that never had an offset without a record got its first one among those that were not copied.
 *
 * `records.atMost - records.atLeast` is what can have been written between the last question that was answered and the end
 * of the first that was not: with a question a second, a bit more than a second of traffic where connections are
 * refused, and up to half a second more where there is silence. It is more by the records of open transactions, and where
 * topics are compacted or written in transactions it reaches down to 0: offsets are not records there.
 */
export function boundLoss({ ends, copied, writersStoppedAt, now }: LossQuestion): LossBound {
  const endedBy = endOf(ends, writersStoppedAt, now);
  const told = new Map((ends?.partitions ?? []).map((each) => [describeTopicPartition(each), each]));
  const partitions = copied.map((each): PartitionLoss => {
    const { topic, partition } = each;
    const of = told.get(describeTopicPartition(each));
    told.delete(describeTopicPartition(each));
    if (!ends || !of) return { kind: 'unknown', topic, partition, reason: 'no-sample' };
    return partitionLoss(each, of, ends.samples, endedBy.at);
  });
  partitions.push(...[...told.values()].map((each) => notCopied(each, ends, endedBy.at)));
  const bounded = partitions.filter((each) => each.kind === 'bounded');
  const records = total(bounded, ends, endedBy.at);
  const unknown = partitions.length - bounded.length;
  return {
    partitions,
    records,
    ageSeconds: {
      atLeast: Math.max(0, ...bounded.map(({ age }) => age.atLeast)),
      atMost: highest(bounded.map(({ age }) => age.atMost)),
    },
    exact: unknown === 0 && records.atLeast === records.atMost,
    unknown,
    wide: bounded.some(({ sampledAt }) => endedBy.at - sampledAt > WIDE_MS),
    endedBy,
  };
}

function endOf(ends: SourceEnds | undefined, writersStoppedAt: number | undefined, now: number): LossBound['endedBy'] {
  if (writersStoppedAt !== undefined) return { at: writersStoppedAt, known: 'writers-stopped' };
  const { silence } = ends ?? {};
  const isSilent = silence !== undefined && now - silence.confirmedAt <= CONFIRMED_MS;
  return isSilent ? { at: silence.toldAt, known: 'silence' } : { at: now, known: 'now' };
}

/** A partition without a map. One that was seen empty begins at 0 wherever copying would have begun. */
function notCopied(ends: PartitionEnds, all: SourceEnds | undefined, endedBy: number): PartitionLoss {
  const { topic, partition, topicId, seen } = ends;
  const [{ logEnd }] = seen;
  if (!all || logEnd > 0) return { kind: 'unknown', topic, partition, reason: 'not-copied' };
  const copied = { topic, partition, sourceTopicId: topicId, nextSource: logEnd, sparse: true, lastTimestamp: -1 };
  return partitionLoss(copied, ends, all.samples, endedBy);
}

/**
 * Every partition ended at its sampled end or after it, and not before where it was copied to; what they grew by together is
 * bounded too. So the sum of all that may be lost is at most the sum from the copies' ends to the sampled ends, which is
 * negative where the copy is ahead, and that growth.
 */
function total(bounded: readonly BoundedLoss[], ends: SourceEnds | undefined, endedBy: number): Interval {
  const atLeast = sum(bounded.map(({ records }) => records.atLeast));
  const each = sum(bounded.map(({ records }) => records.atMost));
  const sampledAt = ends?.samples[0]?.askedAt;
  if (!ends || sampledAt === undefined || bounded.length < ends.partitions.length) return { atLeast, atMost: each };
  const growth = totalGrowth(ends, endedBy - sampledAt);
  if (growth === undefined) return { atLeast, atMost: each };
  const sampled = sum(ends.partitions.map(({ seen }) => seen[0].logEnd));
  const together = sampled - sum(bounded.map(({ from }) => from)) + growth;
  return { atLeast, atMost: Math.max(atLeast, Math.min(each, together)) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function highest(numbers: readonly (number | undefined)[]): number | undefined {
  let most = 0;
  for (const each of numbers) {
    if (each === undefined) return undefined;
    most = Math.max(most, each);
  }
  return most;
}
