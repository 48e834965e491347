import { BatchEncoder } from '../../../records/batch.ts';
import { codecs } from '../../../records/codec.ts';
import { decodeBatches } from '../../../records/decode.ts';
import type { RoundTrip } from '../../../runbook/ports/cluster.ts';
import { ClusterAdmin } from '../admin.ts';
import { LATEST } from '../apis.ts';
import type { KafkaCluster } from '../cluster.ts';
import { KafkaDeadlineError, UnknownTopicError } from '../errors.ts';
import { listOffset } from '../log-ends.ts';
import { appendTo } from '../mirror-topics/append-to.ts';
import { readLog } from '../read-log.ts';

/** No flow copies it: `topics.exclude` has `.*[\-\.]internal` by default. */
export const CANARY_TOPIC = 'causeway-canary.internal';

const PARTITION = 0;
const DAY_MS = 86_400_000;
const encoder = new BatchEncoder({ codec: codecs.none });

/**
 * Writes a record to the canary topic, which it makes if it is not there, and reads until it comes back.
 * @param key tells the record from those of others
 * @throws CausewayError; KafkaDeadlineError when it takes longer than `timeoutMs`
 */
export async function roundTrip(
  { admin, data }: { readonly admin: KafkaCluster; readonly data: KafkaCluster },
  key: string,
  text: string,
  timeoutMs: number,
): Promise<RoundTrip> {
  const signal = AbortSignal.timeout(timeoutMs);
  const place = { topic: CANARY_TOPIC, partition: PARTITION, signal };
  const began = Date.now();
  await present(admin, signal);
  const from = await listOffset(data, place, LATEST);
  await appendTo(data, place, [{ key: Buffer.from(key), value: Buffer.from(text), timestamp: began }], encoder);
  const writtenAfterMs = Date.now() - began;
  for await (const { log } of readLog(data, place, from))
    for (const { header, records } of decodeBatches(log))
      for (const record of header.control ? [] : records)
        if (record.offset >= from && record.key?.toString() === key && record.value?.toString() === text)
          return { topic: CANARY_TOPIC, offset: record.offset, writtenAfterMs, readAfterMs: Date.now() - began };
  throw new KafkaDeadlineError(data.alias, `a record written to ${CANARY_TOPIC} that did not come back`);
}

async function present(cluster: KafkaCluster, signal: AbortSignal): Promise<void> {
  try {
    await cluster.topic(CANARY_TOPIC, true, signal);
  } catch (error) {
    if (!(error instanceof UnknownTopicError)) throw error;
    const configs = { 'retention.ms': String(DAY_MS) };
    const topic = { name: CANARY_TOPIC, partitions: PARTITION + 1, replicationFactor: -1, configs };
    await new ClusterAdmin(cluster, { signal }).createTopic(topic);
  }
}
