import { setTimeout as delay } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';

const EVERY_MS = 40;
const RECORDS_AT_A_TIME = 20;

/** An application that goes on writing, whatever becomes of what copies it. Every fourth record is like one before. */
export class Writer implements AsyncDisposable {
  readonly #kafka: Kafka;
  readonly #partitions: number;
  readonly #stop = new AbortController();
  readonly #writing: Promise<void>;

  constructor(kafka: Kafka, topics: readonly string[], partitions: number) {
    this.#kafka = kafka;
    this.#partitions = partitions;
    this.#writing = this.#write(topics);
    this.#writing.catch(() => {});
  }

  /** Waits until all that was sent is acknowledged. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop().catch(() => {});
  }

  async #write(topics: readonly string[]): Promise<void> {
    const producer = this.#kafka.producer({ idempotent: true });
    await producer.connect();
    try {
      for (let round = 0; !this.#stop.signal.aborted; round += 1) {
        const timestamp = String(Date.now());
        const topicMessages = topics.map((topic) => ({
          topic,
          messages: Array.from({ length: RECORDS_AT_A_TIME * this.#partitions }, (_, i) => ({
            partition: i % this.#partitions,
            key: `key-${i % 7}`,
            value: i % 4 === 0 ? 'the same again' : `${round}-${i}`,
            headers: { round: String(round % 3) },
            timestamp,
          })),
        }));
        await producer.sendBatch({ topicMessages });
        await delay(EVERY_MS, undefined, { signal: this.#stop.signal }).catch(() => {});
      }
    } finally {
      await producer.disconnect();
    }
  }
}
