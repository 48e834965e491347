import { advance, type SourceOffset } from '../flow/offset.ts';
import type { TopicPartition } from '../mm2/topic-partition.ts';
import type { Head } from '../offsets/head.ts';
import { partitionGrowth } from './growth.ts';
import type { PartitionEnds, SampleTime } from './source-ends.ts';

/** How far a partition was copied when the flow was held. */
export interface CopiedPartition extends TopicPartition {
  readonly sourceTopicId: string;
  /** Every record below is in the target, is none, or is in the gap ledger. */
  readonly nextSource: SourceOffset;
  /** Whether there may be offsets without a record: compaction, transactions, a filter. */
  readonly sparse: boolean;
  /** Timestamp of the last copied record, ms since the epoch; -1 not known. */
  readonly lastTimestamp: number;
}

export function copiedPartition({ topic, partition }: TopicPartition, head: Head): CopiedPartition {
  const { sourceTopicId, nextSource, sparse, lastTimestamp } = head;
  return { topic, partition, sourceTopicId, nextSource, sparse, lastTimestamp };
}

/** Both count. */
export interface Interval {
  readonly atLeast: number;
  readonly atMost: number;
}

/** How long before writing ended the oldest record that is lost was written, seconds. */
export interface LossAge {
  readonly atLeast: number;
  /** Undefined: further back than samples are kept, and the last copied record has no timestamp. */
  readonly atMost: number | undefined;
  /**
   * samples: by the clock of `heartbeat`, from samples before and after the source was where the copy ends.
   * record-timestamps: `atMost` is counted from the last copied record's timestamp, which is its producer's word.
   */
  readonly by: 'samples' | 'record-timestamps';
}

export interface BoundedLoss extends TopicPartition {
  readonly kind: 'bounded';
  /**
   * Committed records that are on the source and not in the target.
   * - atLeast: those that were there when the source told its ends; 0 where any of the offsets may be no record
   * - atMost: every offset up to where the source can have ended, if it was written to no faster than lately
   */
  readonly records: Interval;
  /** First offset that is not in the target: what is lost begins here. */
  readonly from: SourceOffset;
  /** Committed records ended here when the source told. */
  readonly seenTo: SourceOffset;
  /** And at most here when writing ended. */
  readonly endAtMost: SourceOffset;
  readonly age: LossAge;
  /** `atLeast` is `atMost`. */
  readonly exact: boolean;
  /** From when on what was written is not known but estimated, ms since the epoch: when the ends were asked for. */
  readonly sampledAt: number;
}

/**
 * - no-sample: the source never told of the partition
 * - not-copied: there is no map of it, nothing of it was ever copied
 * - topic-made-anew: what the source told of is another topic than the one that was copied
 * - copy-ahead: the copy is further than the source can have been by the samples; it was written to faster than lately, or
 *   its log lost its end
 */
export type UnknownReason = 'no-sample' | 'not-copied' | 'topic-made-anew' | 'copy-ahead';

export interface UnknownLoss extends TopicPartition {
  readonly kind: 'unknown';
  readonly reason: UnknownReason;
}

export type PartitionLoss = BoundedLoss | UnknownLoss;

/** @param endedBy when writing to the source had ended at the latest, ms since the epoch */
export function partitionLoss(
  copied: CopiedPartition,
  ends: PartitionEnds,
  samples: readonly SampleTime[],
  endedBy: number,
): PartitionLoss {
  const { topic, partition, nextSource: from, sparse } = copied;
  if (copied.sourceTopicId !== ends.topicId) return { kind: 'unknown', topic, partition, reason: 'topic-made-anew' };
  const [{ sample, logEnd }] = ends.seen;
  const seenTo = ends.committedEnd;
  const sampledAt = samples[sample]?.askedAt ?? 0;
  const endAtMost = advance(logEnd, partitionGrowth(ends, samples, endedBy - sampledAt));
  if (from > endAtMost) return { kind: 'unknown', topic, partition, reason: 'copy-ahead' };
  // Records of an open transaction may be aborted, and its marker is none.
  const mayHaveHoles = sparse || seenTo < logEnd;
  const records = { atLeast: mayHaveHoles ? 0 : Math.max(0, seenTo - from), atMost: endAtMost - from };
  const age = ageOf(copied, ends, samples, endedBy, records);
  const exact = records.atLeast === records.atMost;
  return { kind: 'bounded', topic, partition, records, from, seenTo, endAtMost, age, exact, sampledAt };
}

function ageOf(
  { nextSource, lastTimestamp }: CopiedPartition,
  { seen }: PartitionEnds,
  samples: readonly SampleTime[],
  endedBy: number,
  records: Interval,
): LossAge {
  if (records.atMost === 0) return { atLeast: 0, atMost: 0, by: 'samples' };
  const times = seen.flatMap(({ sample, logEnd }) => {
    const time = samples[sample];
    return time ? [{ ...time, logEnd }] : [];
  });
  const newest = times[0]?.askedAt ?? endedBy;
  const firstPast = times.findLast(({ logEnd }) => logEnd > nextSource);
  const lastBefore = times.find(({ logEnd }) => logEnd <= nextSource);
  const atLeast = records.atLeast > 0 && firstPast ? seconds(newest - firstPast.answeredAt) : 0;
  if (lastBefore) return { atLeast, atMost: seconds(endedBy - lastBefore.askedAt), by: 'samples' };
  const byTimestamp = lastTimestamp < 0 ? undefined : Math.max(atLeast, seconds(endedBy - lastTimestamp));
  return { atLeast, atMost: byTimestamp, by: 'record-timestamps' };
}

function seconds(ms: number): number {
  return Math.max(0, ms) / 1_000;
}
