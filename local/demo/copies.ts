import type { Kafka } from 'kafkajs';
import { until } from '../region/until.ts';
import type { Latencies } from './latencies.ts';
import { TopicReader } from './reader.ts';

/** Readers of topics on one cluster, each begun as soon as its topic is there. */
export class Copies {
  /** By the topic's name on the source. */
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

  /** By the topic's name on the source, of topics that are there. */
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

  async stop(): Promise<void> {
    await Promise.all([...this.readers.values()].map((reader) => reader.stop()));
  }
}
