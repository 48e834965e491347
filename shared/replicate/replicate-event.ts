import type { AppendResult } from '../append/append.ts';
import type { Delivery } from '../append/attempt.ts';
import type { MalformedEventError } from '../records/errors.ts';
import type { KafkaEvent, PartitionRecords, RefusedPartition } from '../records/event.ts';
import { bytesOf, sampleTimestamps } from '../records/measure.ts';
import type { KafkaRecord } from '../records/record.ts';

/** A partition of the flow that records may be appended to. */
export interface OpenPartition {
  readonly append: (delivery: Delivery<KafkaRecord>) => Promise<AppendResult>;
  /** Which records the flow leaves out (those that would go back to where they were produced); undefined: none. */
  readonly leavesOut: ((record: KafkaRecord) => boolean) | undefined;
}

export interface Invocation {
  readonly id: string;
  /** ms since the epoch */
  readonly deadline: number;
}

/** What became of one partition of an event. */
export interface PartitionOutcome {
  readonly topic: string;
  readonly partition: number;
  readonly delivered: number;
  readonly leftOut: number;
  /** Keys and values of what was not left out. */
  readonly bytes: number;
  /** Of its oldest record and of others, evenly spread, ms since the epoch. */
  readonly timestamps: readonly number[];
  /** When all of it was in the target and in the offset map, ms since the epoch; undefined where it stopped. */
  readonly landedAt: number | undefined;
  /** Undefined: all of it is in the target. */
  readonly stopped: { readonly from: number; readonly error: Error } | undefined;
}

/** Lambda's partial batch response for Kafka event sources. */
export interface BatchResponse {
  readonly batchItemFailures: readonly {
    readonly itemIdentifier: { readonly partition: string; readonly offset: number };
  }[];
}

export interface Replicated {
  readonly response: BatchResponse;
  readonly outcomes: readonly PartitionOutcome[];
  /** A part of the event that `response` cannot name: the invocation has to fail, so that Lambda delivers all again. */
  readonly unanswerable: MalformedEventError | undefined;
}

/** A metric takes a hundred values at a time. */
const MOST_TIMESTAMPS = 99;

/**
 * Appends an event's partitions side by side. A partition that stops does not hold up the others: its first record that
 * is not known to be in the target and every later one are answered as failed, so that Lambda commits only what is safe.
 */
export async function replicateEvent(
  event: KafkaEvent,
  invocation: Invocation,
  open: (topic: string, partition: number) => Promise<OpenPartition>,
  now: () => number = Date.now,
): Promise<Replicated> {
  const mostTimestamps = Math.max(1, Math.floor(MOST_TIMESTAMPS / event.partitions.length));
  const appended = await Promise.all(
    event.partitions.map((records) => replicatePartition(records, invocation, open, { mostTimestamps, now })),
  );
  const outcomes = [...appended, ...event.refused.flatMap(outcomeOfRefused)];
  const failed = appended.flatMap(({ stopped }, i) => failuresFrom(event.partitions[i], stopped?.from));
  const refused = event.refused.flatMap(({ records }) => records?.offsets.map(failureIn(records)) ?? []);
  const unanswerable = event.refused.find(({ records }) => records === undefined)?.error;
  return { response: { batchItemFailures: [...failed, ...refused] }, outcomes, unanswerable };
}

async function replicatePartition(
  { topic, partition, records }: PartitionRecords,
  { id, deadline }: Invocation,
  open: (topic: string, partition: number) => Promise<OpenPartition>,
  { mostTimestamps, now }: { readonly mostTimestamps: number; readonly now: () => number },
): Promise<PartitionOutcome> {
  const firstOffset = records[0]?.offset ?? 0;
  const outcome = {
    topic,
    partition,
    delivered: records.length,
    leftOut: 0,
    bytes: 0,
    timestamps: sampleTimestamps(records, mostTimestamps),
    landedAt: undefined,
  };
  try {
    const { append, leavesOut } = await open(topic, partition);
    const kept = leavesOut ? records.filter((record) => !leavesOut(record)) : records;
    const leftOut = records.length - kept.length;
    const result = await append({ records: kept, firstOffset, last: records.at(-1), deadline, invocation: id });
    if (result.kind === 'stopped') return { ...outcome, leftOut, stopped: { from: result.from, error: result.error } };
    return { ...outcome, leftOut, bytes: bytesOf(kept), landedAt: now(), stopped: undefined };
  } catch (error) {
    return {
      ...outcome,
      stopped: { from: firstOffset, error: error instanceof Error ? error : new Error(String(error)) },
    };
  }
}

function outcomeOfRefused({ records, error }: RefusedPartition): PartitionOutcome[] {
  if (!records) return [];
  const { topic, partition, offsets } = records;
  const stopped = { from: offsets[0] ?? 0, error };
  const nothing = { leftOut: 0, bytes: 0, timestamps: [], landedAt: undefined };
  return [{ topic, partition, delivered: offsets.length, ...nothing, stopped }];
}

function failuresFrom(delivered: PartitionRecords | undefined, from: number | undefined) {
  if (!delivered || from === undefined) return [];
  const offsets = delivered.records.map(({ offset }) => offset).filter((offset) => offset >= from);
  return offsets.map(failureIn(delivered));
}

function failureIn({ topic, partition }: { readonly topic: string; readonly partition: number }) {
  const name = `${topic}-${partition}`;
  return (offset: number) => ({ itemIdentifier: { partition: name, offset } });
}
