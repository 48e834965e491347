import { lz4Compress, lz4Decompress } from '@platformatic/wasm-utils';
import kafkajs, { type Consumer, type Kafka, type KafkaMessage } from 'kafkajs';
import { Latencies } from './latencies.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;

// kafkajs brings no lz4; the replicator's default codec is lz4.
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async ({ buffer }: { buffer: Buffer }) => lz4Compress(buffer),
  decompress: async (buffer: Buffer) => lz4Decompress(buffer),
});

/** What a record is, apart from its offset: equal text means byte for byte the same record. */
export function identityOf(message: KafkaMessage): string {
  const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [
    name,
    (Array.isArray(value) ? value : [value]).map((each) => hex(each)),
  ]);
  return JSON.stringify([hex(message.key), hex(message.value), message.timestamp, headers]);
}

export interface ReadRecord {
  readonly offset: number;
  readonly identity: string;
}

/** Reads a topic from its start as it grows, aborted and uncommitted records too, independently of the replicator. */
export class TopicReader {
  /** By partition, in the order of the log. */
  readonly records = new Map<number, ReadRecord[]>();
  readonly latencies = new Latencies();
  readonly #consumer: Consumer;

  constructor(kafka: Kafka, groupId: string) {
    this.#consumer = kafka.consumer({
      groupId,
      readUncommitted: true,
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
    });
  }

  get count(): number {
    let sum = 0;
    for (const records of this.records.values()) sum += records.length;
    return sum;
  }

  async start(topic: string): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic, fromBeginning: true });
    await this.#consumer.run({
      partitionsConsumedConcurrently: 4,
      eachBatch: async ({ batch }) => {
        const now = Date.now();
        const records = this.records.get(batch.partition) ?? [];
        this.records.set(batch.partition, records);
        for (const message of batch.messages) {
          records.push({ offset: Number(message.offset), identity: identityOf(message) });
          this.latencies.note(Number(message.timestamp), now);
        }
      },
    });
  }

  async stop(): Promise<void> {
    await this.#consumer.disconnect();
  }
}

function hex(bytes: Buffer | string | null | undefined): string | null {
  if (bytes === null || bytes === undefined) return null;
  return Buffer.from(bytes).toString('hex');
}
