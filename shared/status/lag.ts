import { isTold } from '../groups/committed-offsets.ts';
import type { TopicPartition } from '../mm2/topic-partition.ts';
import { type FlowFacts, type SourceLog, searchKey } from './facts.ts';

/** How far behind something is. */
export interface Lag {
  /** Offsets from the first record that it has not, to the source's last stable one; undefined when they are not known. */
  readonly records: number | undefined;
  /** Age of the oldest record among them; undefined when it could not be read, 0 when there are none. */
  readonly seconds: number | undefined;
  /** Partitions that are behind for a time that is not known: `seconds` is that of the others, and so the least. */
  readonly agesNotKnown?: number;
}

export const NOT_KNOWN: Lag = { records: undefined, seconds: undefined };

/** Of one partition. */
export interface PartitionLag extends Lag {
  /** Why `seconds` is not known although there are records. */
  readonly ageBecause?: string;
}

/**
 * How far an offset of the source is behind what can be copied of its log. Offsets that hold no such record, those of
 * markers and of what was aborted, are nothing to be behind of.
 * @param log of the partition; undefined where it is not known
 */
export function lagOf(
  { oldest }: Pick<FlowFacts, 'oldest'>,
  log: (TopicPartition & Pick<SourceLog, 'logStart' | 'committedEnd'>) | undefined,
  offset: number | undefined,
  now: number,
): PartitionLag {
  if (log === undefined) return NOT_KNOWN;
  const from = Math.max(offset ?? 0, log.logStart);
  const first = oldest.committed.get(searchKey(log.topic, log.partition, from));
  if (from >= log.committedEnd || first === 'none') return { records: 0, seconds: 0 };
  const unknown = (records: number, ageBecause: string) => {
    return { records, seconds: undefined, agesNotKnown: 1, ageBecause };
  };
  if (first === undefined || !isTold(first)) return unknown(log.committedEnd - from, first?.code ?? 'NOT_ANSWERED');
  const records = log.committedEnd - first.offset;
  if (first.timestamp < 0) return unknown(records, 'the record has no time');
  return { records, seconds: secondsSince(first.timestamp, now) };
}

/** All records, and the oldest of them, as far as is known; a part that is not known has a problem of its own. */
export function total(all: readonly Lag[]): Lag {
  const told = all.flatMap(({ records, ...age }) => (records === undefined ? [] : [{ records, ...age }]));
  if (told.length === 0 && all.length > 0) return NOT_KNOWN;
  const ages = told.flatMap(({ seconds }) => seconds ?? []);
  const agesNotKnown = told.reduce((sum, each) => sum + (each.agesNotKnown ?? 0), 0);
  const isKnown = told.some(({ records, seconds }) => records > 0 && seconds !== undefined);
  return {
    records: told.reduce((sum, { records }) => sum + records, 0),
    seconds: agesNotKnown > 0 && !isKnown ? undefined : Math.max(0, ...ages),
    ...(agesNotKnown > 0 && { agesNotKnown }),
  };
}

/** Problems first, then what is behind for longest, then by most. */
export function byHurt<T extends Lag & { readonly problems: readonly string[] }>(nameOf: (row: T) => string) {
  return (a: T, b: T) =>
    Number(b.problems.length > 0) - Number(a.problems.length > 0) ||
    (b.seconds ?? 0) - (a.seconds ?? 0) ||
    (b.records ?? 0) - (a.records ?? 0) ||
    (nameOf(a) < nameOf(b) ? -1 : 1);
}

/** To a tenth. Clocks may differ: never below zero. */
export function secondsSince(at: number, now: number): number {
  return Math.max(0, Math.round((now - at) / 100) / 10);
}
