import type { Kafka, Producer } from 'kafkajs';
import { createTopics } from '../region/create-topics.ts';
import { type DemoTopic, firstTopics, lateTopic, produce } from './traffic.ts';

const BURST = 250;
/** Records are written in bursts with pauses between, so that the view has something to show. */
const PAUSE_MS = 40;

/** A service of a user's: it writes to the source and knows nothing of the replicator. */
export class Application {
  /** Records that the source acknowledged, by topic. */
  readonly produced = new Map<string, number>();
  readonly #kafka: Kafka;
  readonly #producer: Producer;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
    this.#producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  }

  get count(): number {
    return [...this.produced.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Makes topics that do not exist yet. */
  async createTopics(topics: readonly DemoTopic[]): Promise<void> {
    const admin = this.#kafka.admin();
    await admin.connect();
    await createTopics(
      admin,
      topics.map(({ name, partitions, config }) => ({
        topic: name,
        numPartitions: partitions,
        configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      })),
    );
    await admin.disconnect();
  }

  /** Writes `total` records; a third of the way in it makes the late topic and writes to that too. */
  async run(total: number, onEvent: (event: string) => void): Promise<void> {
    await this.#producer.connect();
    let topics = firstTopics;
    for (let turn = 0; this.count < total; turn++) {
      if (topics === firstTopics && this.count >= total / 3) {
        await this.createTopics([lateTopic]);
        topics = [...firstTopics, lateTopic];
        onEvent(`topic ${lateTopic.name} made`);
      }
      const topic = topics[turn % topics.length];
      if (!topic) break;
      const from = this.produced.get(topic.name) ?? 0;
      const count = Math.min(turn % 7 === 6 ? BURST * 6 : BURST, total - this.count);
      await produce(this.#producer, { topic, from, count });
      this.produced.set(topic.name, from + count);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    await this.#producer.disconnect();
  }
}
