import type { Consumer, ConsumerConfig, ConsumerRunConfig, Kafka, TopicPartitionOffsetAndMetadata } from 'kafkajs';
import type { GroupConsumer, GroupFailure, TopicSubscription } from './ports.ts';

/** As kafkajs's; topics are never made by reading them. */
export type KafkaJsConsumerOptions = Omit<ConsumerConfig, 'allowAutoTopicCreation'>;

/** kafkajs waits 5 s for data before it looks whether it is to stop. It answers at once when there is data. */
const MAX_WAIT_MS = 500;

/** A kafkajs consumer for one membership. */
export class KafkaJsGroupConsumer implements GroupConsumer {
  readonly #consumer: Consumer;
  #topics: readonly string[] = [];
  #isLeaving = false;

  constructor(kafka: Kafka, config: KafkaJsConsumerOptions, onFailure: GroupFailure) {
    const mayRestart = config.retry?.restartOnFailure;
    this.#consumer = kafka.consumer({
      maxWaitTimeInMs: MAX_WAIT_MS,
      ...config,
      allowAutoTopicCreation: false,
      retry: {
        retries: 5,
        ...config.retry,
        restartOnFailure: async (error) => !this.#isLeaving && (mayRestart === undefined || mayRestart(error)),
      },
    });
    this.#consumer.on(this.#consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (!this.#isLeaving) onFailure(error, restart);
    });
  }

  async join(subscriptions: readonly TopicSubscription[], run: ConsumerRunConfig): Promise<void> {
    this.#topics = subscriptions.map(({ topic }) => topic);
    try {
      await this.#consumer.connect();
      for (const [fromBeginning, some] of Map.groupBy(subscriptions, (each) => each.fromBeginning))
        await this.#consumer.subscribe({ topics: some.map(({ topic }) => topic), fromBeginning });
      if (!this.#isLeaving) await this.#consumer.run(run);
    } catch (error) {
      this.#consumer.disconnect().catch(() => {});
      throw error;
    }
  }

  pauseAll(): void {
    this.#isLeaving = true;
    try {
      this.#consumer.pause(this.#topics.map((topic) => ({ topic })));
    } catch {
      // It is not running: nothing is fetched.
    }
  }

  commit(offsets: TopicPartitionOffsetAndMetadata[]): Promise<void> {
    return this.#consumer.commitOffsets(offsets);
  }

  async leave(): Promise<void> {
    this.#isLeaving = true;
    await this.#consumer.disconnect();
  }
}
