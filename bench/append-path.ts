import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterAdmin } from '../shared/adapters/kafka/admin.ts';
import type { KafkaCluster } from '../shared/adapters/kafka/cluster.ts';
import { KafkaTargetLog } from '../shared/adapters/kafka/target-log.ts';
import { chunksOf, send } from '../shared/append/send.ts';
import { BatchEncoder } from '../shared/records/batch.ts';
import { type CodecName, codecs } from '../shared/records/codec.ts';
import { parseEvent } from '../shared/records/event.ts';

/** Something that takes an event's text and returns once all of its records are acknowledged. */
export interface HandlerPath {
  handle(text: string): Promise<void>;
}

export type OpenPath = (cluster: KafkaCluster, topic: string, codec: CodecName) => Promise<HandlerPath>;

const IN_FLIGHT = 5;
const NEVER = Number.MAX_SAFE_INTEGER;

/** Event parsing, chunking, encoding and appending, as `replicate` does them, without the offset map. */
export const appendPath: OpenPath = async (cluster, topic, codec) => {
  const admin = new ClusterAdmin(cluster);
  await admin.createTopic({ name: topic, partitions: 1, replicationFactor: 1 });
  const log = new KafkaTargetLog(cluster, {
    topic,
    partition: 0,
    transactionalId: `bench-${topic}`,
    encoder: new BatchEncoder({ codec: codecs[codec] }),
    maxMessageBytes: await admin.maxMessageBytes(topic),
  });
  const producer = await log.initProducer();
  const clock = { now: Date.now, wait: (ms: number) => sleep(ms) };
  const options = { window: IN_FLIGHT, deadline: NEVER, resend: true, onRetry: () => {} };
  let sequence = 0;
  return {
    async handle(text) {
      for (const { records } of parseEvent(JSON.parse(text)).partitions) {
        const chunks = chunksOf(records, sequence, log.maxBatchBytes, (record) => log.sizeOf(record));
        const { end } = await send(log, producer, chunks, clock, options);
        if (end.kind !== 'complete') throw new Error(`appending ended with ${JSON.stringify(end)}`);
        sequence += records.length;
      }
    },
  };
};
