import type { AppendResult } from '../append/append.ts';
import type { Delivery } from '../append/attempt.ts';
import { CausewayError } from '../flow/errors.ts';
import type { KafkaEvent, PartitionRecords } from '../records/event.ts';
import type { KafkaRecord } from '../records/record.ts';
import { newestTimestamp } from '../records/timestamps.ts';

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
  /** Newest record of the delivery, ms since the epoch. */
  readonly newestTimestamp: number;
  /** Undefined: all of it is in the target. */
  readonly stopped: { readonly from: number; readonly error: Error } | undefined;
}

/** Lambda's partial batch response for Kafka event sources. */
export interface BatchResponse {
  readonly batchItemFailures: readonly {
    readonly itemIdentifier: { readonly partition: string; readonly offset: number };
  }[];
}

/**
 * Appends an event's partitions side by side. A partition that stops does not hold up the others: its first record that
 * is not known to be in the target and every later one are answered as failed, so that Lambda commits only what is safe.
 */
export async function replicateEvent(
  event: KafkaEvent,
  invocation: Invocation,
  open: (topic: string, partition: number) => Promise<OpenPartition>,
): Promise<{ response: BatchResponse; outcomes: PartitionOutcome[] }> {
  const outcomes = await Promise.all(event.partitions.map((records) => replicatePartition(records, invocation, open)));
  const batchItemFailures = outcomes.flatMap(({ stopped }, i) => {
    const delivered = event.partitions[i];
    return stopped && delivered ? failuresFrom(delivered, stopped.from) : [];
  });
  return { response: { batchItemFailures }, outcomes };
}

async function replicatePartition(
  { topic, partition, records }: PartitionRecords,
  { id, deadline }: Invocation,
  open: (topic: string, partition: number) => Promise<OpenPartition>,
): Promise<PartitionOutcome> {
  const firstOffset = records[0]?.offset ?? 0;
  const outcome = {
    topic,
    partition,
    delivered: records.length,
    leftOut: 0,
    newestTimestamp: newestTimestamp(records),
  };
  try {
    const { append, leavesOut } = await open(topic, partition);
    const kept = leavesOut ? records.filter((record) => !leavesOut(record)) : records;
    const leftOut = records.length - kept.length;
    const result = await append({ records: kept, firstOffset, last: records.at(-1), deadline, invocation: id });
    const stopped = result.kind === 'stopped' ? { from: result.from, error: result.error } : undefined;
    return { ...outcome, leftOut, stopped };
  } catch (error) {
    if (!(error instanceof CausewayError)) throw error;
    return { ...outcome, stopped: { from: firstOffset, error } };
  }
}

function failuresFrom({ topic, partition, records }: PartitionRecords, from: number) {
  return records
    .filter(({ offset }) => offset >= from)
    .map(({ offset }) => ({ itemIdentifier: { partition: `${topic}-${partition}`, offset } }));
}
