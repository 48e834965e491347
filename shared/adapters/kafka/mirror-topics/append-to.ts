import { ProtocolError } from '@platformatic/kafka';
import type { TimedRecord } from '../../../mm2/mirror-log.ts';
import { BATCH_OVERHEAD, type BatchEncoder, type BatchProducer } from '../../../records/batch.ts';
import type { KafkaRecord } from '../../../records/record.ts';
import type { KafkaCluster } from '../cluster.ts';
import { KafkaRequestError } from '../errors.ts';
import type { Place } from '../log-ends.ts';
import { errorName } from '../outcome.ts';
import { type ProduceAnswer, produce } from '../produce-api.ts';
import { rights } from '../rights.ts';

/** Without idempotence: each record stands for itself, and the last one of a key is what counts. */
const NO_PRODUCER: BatchProducer = { producerId: -1n, epoch: -1 };
const NO_SEQUENCE = -1;
/** Half of what brokers take by default (`max.message.bytes`). */
const MAX_BATCH_BYTES = 512 * 1024;
const BROKER_TIMEOUT_MS = 5_000;

/** Appends in order, in batches; what may not have arrived is sent again, so that a record can stand there twice. */
export async function appendTo(
  cluster: KafkaCluster,
  { topic, partition, signal }: Place,
  records: readonly TimedRecord[],
  encoder: BatchEncoder,
): Promise<void> {
  for (const batch of batchesOf(records, topic, partition, encoder)) {
    const request = `Produce to ${topic}-${partition}`;
    await cluster.callLeader(topic, partition, {
      request,
      subject: `partition ${topic}-${partition}`,
      needs: rights.writeTopic(topic),
      signal,
      run: async (connection) => {
        const answer = await connection.call(produce, {
          topic,
          partition,
          batch: () => encoder.encode(batch, NO_PRODUCER, NO_SEQUENCE),
          timeoutMs: BROKER_TIMEOUT_MS,
        });
        if (answer.errorCode !== 0) throw refusal(cluster, request, answer);
      },
    });
  }
}

function* batchesOf(
  records: readonly TimedRecord[],
  topic: string,
  partition: number,
  encoder: BatchEncoder,
): Generator<KafkaRecord[]> {
  let batch: KafkaRecord[] = [];
  let sizeBytes = BATCH_OVERHEAD;
  for (const { key, value, timestamp } of records) {
    const text = { key: key.toString('base64'), value: value.toString('base64') };
    const record = { topic, partition, offset: 0, timestamp, ...text };
    const ofRecord = encoder.sizeOf(record);
    if (batch.length > 0 && sizeBytes + ofRecord > MAX_BATCH_BYTES) {
      yield batch;
      batch = [];
      sizeBytes = BATCH_OVERHEAD;
    }
    batch.push(record);
    sizeBytes += ofRecord;
  }
  if (batch.length > 0) yield batch;
}

function refusal(cluster: KafkaCluster, request: string, { errorCode, errorMessage }: ProduceAnswer): Error {
  const name = errorName(errorCode);
  if (name !== undefined) return new ProtocolError(name, errorMessage);
  return new KafkaRequestError(cluster.alias, request, `error ${errorCode}`, { reason: undefined, retriable: true });
}
