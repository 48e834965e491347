import type { Consumer, Producer } from 'kafkajs';
import { kafkaAt } from '../../../local/kafka/clients.ts';

const EVERY_MS = 500;

/** An application that writes to topics all the time, and one that reads the first of them. */
export class Applications implements AsyncDisposable {
  readonly #topics: readonly string[];
  readonly #producer: Producer;
  readonly #consumer: Consumer;
  readonly #timer: NodeJS.Timeout;

  private constructor(topics: readonly string[], producer: Producer, consumer: Consumer) {
    this.#topics = topics;
    this.#producer = producer;
    this.#consumer = consumer;
    // What cannot be written while a broker is away is missed by nobody.
    this.#timer = setInterval(() => void this.#write().catch(() => {}), EVERY_MS);
  }

  static async start(servers: string, topics: readonly string[]): Promise<Applications> {
    const kafka = kafkaAt(servers);
    const [producer, consumer] = [kafka.producer(), kafka.consumer({ groupId: 'billing' })];
    await Promise.all([producer.connect(), consumer.connect()]);
    await consumer.subscribe({ topics: topics.slice(0, 1), fromBeginning: true });
    await consumer.run({ autoCommitInterval: EVERY_MS, eachMessage: () => Promise.resolve() });
    return new Applications(topics, producer, consumer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([this.#producer.disconnect(), this.#consumer.disconnect()]);
  }

  async #write(): Promise<void> {
    const messages = [{ value: new Date().toISOString() }];
    await this.#producer.sendBatch({ topicMessages: this.#topics.map((topic) => ({ topic, messages })) });
  }
}
