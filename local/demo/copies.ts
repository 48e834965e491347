import type { Kafka } from 'kafkajs';
import { until } from '../region/until.ts';
import type { Latencies } from './latencies.ts';
import { TopicReader } from './reader.ts';

/** Readers of topics on one cluster, each begun as soon as its topic is there. */
export class Copies {
  /** By the topic's name at its origin. */
  readonly readers = new Map<string, TopicReader>();
  readonly #kafka: Kafka;
  readonly #group: string;

  constructor(kafka: Kafka, group: string) {
    this.#kafka = kafka;
    this.#group = group;
  }

  get count(): number {
    return [...this.readers.values()].reduce((sum, reader) => sum + reader.count, 0);
  }

  /** By the topic's name at its origin, of topics that are there. */
  get counts(): ReadonlyMap<string, number> {
    return new Map([...this.readers].map(([topic, { count }]) => [topic, count]));
  }

  get latencies(): readonly Latencies[] {
    return [...this.readers.values()].map(({ latencies }) => latencies);
  }

  /** @throws Error when `name` is not there within `timeoutMs` */
  async follow(topic: string, name: string, timeoutMs: number): Promise<void> {
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      const missing = () => new Error(`topic ${name} was not there within ${timeoutMs / 1000} s`);
      await until(async () => (await admin.listTopics()).includes(name), timeoutMs, missing);
    } finally {
      await admin.disconnect();
    }
    const reader = new TopicReader(this.#kafka, `${this.#group}-${name}`);
    await reader.start(name);
    this.readers.set(topic, reader);
  }

  /**
   * Waits until the readers have all that the logs hold, of topics to which nobody writes any more and in which there are no
   * markers of transactions.
   *
   * @throws Error when they do not within `timeoutMs`
   */
  async readToEnd(timeoutMs: number): Promise<void> {
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      for (const [topic, reader] of this.readers) {
        const ends = await admin.fetchTopicOffsets(topic);
        const isRead = async () =>
          ends.every(
            ({ partition, high }) => (reader.records.get(partition)?.at(-1)?.offset ?? -1) + 1 >= Number(high),
          );
        await until(isRead, timeoutMs, () => new Error(`${topic} was not read to its end in ${timeoutMs / 1000} s`));
      }
    } finally {
      await admin.disconnect();
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.readers.values()].map((reader) => reader.stop()));
  }
}
