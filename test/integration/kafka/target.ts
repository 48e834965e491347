import { randomUUID } from 'node:crypto';
import { until } from '../../../local/region/until.ts';
import { ClusterAdmin, type NewTopic } from '../../../shared/adapters/kafka/admin.ts';
import { LATEST } from '../../../shared/adapters/kafka/apis.ts';
import { KafkaCluster, type KafkaClusterOptions } from '../../../shared/adapters/kafka/cluster.ts';
import { listOffsets } from '../../../shared/adapters/kafka/log-ends.ts';
import { readLog } from '../../../shared/adapters/kafka/read-log.ts';
import { KafkaTargetLog, type TargetLogOptions } from '../../../shared/adapters/kafka/target-log.ts';
import type { AppendOutcome, LoggedBatch } from '../../../shared/append/ports.ts';
import { targetOffset } from '../../../shared/flow/offset.ts';
import { BatchEncoder } from '../../../shared/records/batch.ts';
import { type CodecName, codecs } from '../../../shared/records/codec.ts';
import { type DecodedRecord, decodeBatches } from '../../../shared/records/decode.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';

export const START = targetOffset(0);
const LED_WITHIN_MS = 30_000;

export function uniqueName(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}

export function connect(bootstrapServers: string, options: Partial<KafkaClusterOptions> = {}): KafkaCluster {
  return new KafkaCluster({ alias: 'us-west', bootstrapServers: bootstrapServers.split(','), ...options });
}

/** A topic whose leaders take records: a broker may be named as one before it does. */
export async function createTopic(cluster: KafkaCluster, options: Partial<NewTopic> = {}): Promise<string> {
  const { name = uniqueName('orders'), partitions = 1 } = options;
  await new ClusterAdmin(cluster).createTopic({ replicationFactor: -1, ...options, name, partitions });
  const all = Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition }));
  const isLed = async () => [...(await listOffsets(cluster, all, LATEST, undefined)).values()].every((end) => end >= 0);
  await until(isLed, LED_WITHIN_MS, (last) => new Error(`${name} has no leaders: ${last}`));
  return name;
}

export function logOf(
  cluster: KafkaCluster,
  topic: string,
  { codec = 'lz4', ...options }: Partial<TargetLogOptions> & { codec?: CodecName } = {},
): KafkaTargetLog {
  return new KafkaTargetLog(cluster, {
    topic,
    partition: 0,
    transactionalId: `causeway-${topic}`,
    encoder: new BatchEncoder({ codec: codecs[codec] }),
    maxMessageBytes: 1_048_588,
    ...options,
  });
}

/** `count` records from source offset `from`, whose values tell their offsets. */
export function recordsFrom(from: number, count: number, content = 'v'): KafkaRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    topic: 'orders',
    partition: 0,
    offset: from + i,
    timestamp: Date.now(),
    value: Buffer.from(`${content}${from + i}`).toString('base64'),
  }));
}

/** `appended@10`, `refused`: an outcome in a word. */
export function inAWord(outcome: AppendOutcome): string {
  if (outcome.kind === 'appended') return `appended@${outcome.base}`;
  if (outcome.kind === 'refused') return outcome.reason.split(':')[0] ?? '';
  return outcome.kind === 'failed' ? `failed ${outcome.error.code}` : outcome.kind;
}

/** `30 control e1` or `0-9 e0 s0`: a batch header in a word. */
export function describeBatch(batch: LoggedBatch): string {
  if (batch.control) return `${batch.base} control e${batch.producer.epoch}`;
  return `${batch.base}-${batch.last} e${batch.producer.epoch} s${batch.baseSequence}`;
}

/** The partition's records as they are in the log, aborted ones included. */
export async function recordsIn(cluster: KafkaCluster, topic: string): Promise<DecodedRecord[]> {
  const records: DecodedRecord[] = [];
  for await (const { log } of readLog(cluster, { topic, partition: 0, signal: undefined }, 0)) {
    for (const batch of decodeBatches(log)) if (!batch.header.control) records.push(...batch.records);
  }
  return records;
}

export async function valuesIn(cluster: KafkaCluster, topic: string): Promise<string[]> {
  return (await recordsIn(cluster, topic)).map(({ value }) => value?.toString() ?? 'null');
}

/** Awaits a condition that a broker will meet. */
export async function eventually<T>(
  look: () => Promise<T>,
  meets: (seen: T) => boolean,
  withinMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (meets(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`not met within ${withinMs} ms; last seen: ${String(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
