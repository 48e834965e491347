import { sourceOffset } from '../../../shared/flow/offset.ts';
import { keepSample, sourceSilent } from '../../../shared/loss/keep-sample.ts';
import type { CopiedPartition } from '../../../shared/loss/partition-loss.ts';
import { NOTHING_SEEN, type PartitionSample, type SourceEnds } from '../../../shared/loss/source-ends.ts';

export const TOPIC = 'orders';
const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAA';

/** From `at` ms on, a record each `everyMs`, also counted from the last one before; 0: none. */
export interface Pace {
  readonly at: number;
  readonly everyMs: number;
}

export interface Writer {
  /** Ascending. */
  readonly paces: readonly Pace[];
  /** Records in a transaction, whose marker takes an offset, or whose records are aborted; 0: none. */
  readonly transaction: number;
  /** Of transactions, each so manieth is aborted; 0: none. */
  readonly aborts: number;
}

/** One offset of a source partition: when it was written, and from when on who reads committed records sees it. */
interface Entry {
  readonly at: number;
  readonly stableAt: number;
  readonly isRecord: boolean;
}

/** Times ascend from entry to entry. */
function firstOf(log: readonly Entry[], is: (entry: Entry) => boolean): number {
  let [low, high] = [0, log.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = log[middle];
    if (entry && is(entry)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Everything that a writer puts into its partition up to `endAt` ms; nothing happens later. */
export function logOf({ paces, transaction, aborts }: Writer, endAt: number): readonly Entry[] {
  const times: number[] = [];
  for (const [index, { at, everyMs }] of paces.entries()) {
    const until = Math.min(endAt, paces[index + 1]?.at ?? endAt);
    const first = Math.max(at, (times.at(-1) ?? at - everyMs) + everyMs);
    if (everyMs > 0) for (let t = first; t < until; t += everyMs) times.push(t);
  }
  if (transaction === 0) return times.map((at) => ({ at, stableAt: at, isRecord: true }));
  const log: Entry[] = [];
  for (let begin = 0, number = 1; begin < times.length; begin += transaction, number++) {
    const records = times.slice(begin, begin + transaction);
    const last = records.at(-1) ?? 0;
    const done = records.length === transaction;
    const isRecord = done && !(aborts > 0 && number % aborts === 0);
    for (const at of records) log.push({ at, stableAt: done ? last : Number.POSITIVE_INFINITY, isRecord });
    if (done) log.push({ at: last, stableAt: last, isRecord: false });
  }
  return log;
}

export interface Question {
  readonly askedAt: number;
  /** Until the broker looks. */
  readonly lookMs: number;
  /** From then on until the answer is there. */
  readonly backMs: number;
  /** Partitions that are not told. */
  readonly untold: ReadonlySet<number>;
}

/**
 * A source that dies at `diesAt`, asked by `questions` in turn. What the broker has not answered by then is silence, told
 * `patienceMs` after the question.
 * @param stallsMs for so long before it takes records and answers nothing
 */
export function watch(
  logs: readonly (readonly Entry[])[],
  questions: readonly Question[],
  diesAt: number,
  patienceMs: number,
  stallsMs = 0,
): SourceEnds {
  // Where it only stalled before, its connections are lost when it dies.
  const lostAt = stallsMs > 0 ? diesAt : 0;
  let ends = NOTHING_SEEN;
  for (const { askedAt, lookMs, backMs, untold } of questions) {
    const looksAt = askedAt + lookMs;
    if (looksAt + backMs >= diesAt - stallsMs) {
      const toldAt = Math.max(askedAt + patienceMs, askedAt < diesAt ? lostAt : 0);
      ends = sourceSilent(ends, { since: askedAt, toldAt, confirmedAt: toldAt });
      continue;
    }
    const partitions = logs.flatMap((log, partition): PartitionSample[] => {
      if (untold.has(partition)) return [];
      const logEnd = firstOf(log, ({ at }) => at > looksAt);
      const committedEnd = Math.min(
        logEnd,
        firstOf(log, ({ stableAt }) => stableAt > looksAt),
      );
      return [
        {
          topic: TOPIC,
          partition,
          topicId: TOPIC_ID,
          logEnd: sourceOffset(logEnd),
          committedEnd: sourceOffset(committedEnd),
        },
      ];
    });
    const sample = { askedAt, answeredAt: looksAt + backMs, partitions };
    if (partitions.length > 0) ends = keepSample(ends, sample, new Set([TOPIC]));
  }
  return ends;
}

/** The copy, so many ms behind the source when it died: it stops after a record, as `nextSource` does. */
export function copiedTo(log: readonly Entry[], partition: number, diesAt: number, behindMs: number): CopiedPartition {
  const before = log.slice(
    0,
    firstOf(log, ({ stableAt }) => stableAt > diesAt - behindMs),
  );
  const last = before.findLastIndex(({ isRecord }) => isRecord);
  return {
    topic: TOPIC,
    partition,
    sourceTopicId: TOPIC_ID,
    nextSource: sourceOffset(last + 1),
    sparse: log.some(({ isRecord }) => !isRecord),
    lastTimestamp: before[last]?.at ?? -1,
  };
}

/** Committed records that were not copied. */
export function lost(log: readonly Entry[], { nextSource }: CopiedPartition): readonly Entry[] {
  return log.slice(nextSource).filter(({ isRecord }) => isRecord);
}
