import { setTimeout as wait } from 'node:timers/promises';
import kafkajs, {
  type ConsumerRunConfig,
  type EachBatchPayload,
  type EachMessagePayload,
  type TopicPartitionOffsetAndMetadata,
} from 'kafkajs';
import type { FailoverRunConfig, MessageOrigin } from './payload.ts';
import type { GroupConsumer } from './ports.ts';

export interface SubscribedTopic {
  /** For the application. */
  readonly name: string;
  readonly fromBeginning: boolean;
}

export interface GroupSessionOptions {
  readonly cluster: string;
  /** By their names on the cluster. */
  readonly topics: ReadonlyMap<string, SubscribedTopic>;
  readonly consumer: GroupConsumer;
  readonly run: FailoverRunConfig;
}

/** What kafkajs gets instead of a message's outcome once the group is being left: it resolves nothing, and stops. */
class GroupLeft extends kafkajs.KafkaJSError {
  constructor() {
    super('the group is being left: the message is delivered again');
  }
}

/**
 * Membership in a group on one cluster, which ends in order: no handler is called any more, those that run are awaited,
 * what they have done is committed, what they have not is not, and the group is left.
 */
export class GroupSession {
  readonly cluster: string;
  readonly #options: GroupSessionOptions;
  #running = 0;
  #idle = Promise.withResolvers<void>();
  #isLeaving = false;
  readonly #stopping = Promise.withResolvers<void>();
  #joined: Promise<void> = Promise.resolve();
  #isGone = false;

  constructor(options: GroupSessionOptions) {
    this.cluster = options.cluster;
    this.#options = options;
  }

  /** @throws what kafkajs says */
  join(): Promise<void> {
    const { consumer, topics } = this.#options;
    const subscriptions = [...topics].map(([topic, { fromBeginning }]) => ({ topic, fromBeginning }));
    this.#joined = consumer.join(subscriptions, this.#runConfig());
    return this.#joined;
  }

  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  async commit(offsets: TopicPartitionOffsetAndMetadata[]): Promise<void> {
    if (this.#isGone) throw new GroupLeft();
    await this.#options.consumer.commit(offsets);
  }

  /**
   * @param withinMs after which it is not waited for any longer; what then still runs commits nothing more
   * @returns how many handlers were still running
   */
  async leave(withinMs: number): Promise<number> {
    this.#isLeaving = true;
    const end = new AbortController();
    const outOfTime = wait(withinMs, undefined, { signal: end.signal }).catch(() => {});
    await Promise.race([this.#leaveInOrder(), outOfTime]);
    end.abort();
    const unfinished = this.#running;
    this.#isGone = true;
    // Whoever waits for it may go on: it will be thrown out.
    this.#stopping.resolve();
    return unfinished;
  }

  async #leaveInOrder(): Promise<void> {
    const { consumer } = this.#options;
    // kafkajs forgets to stop what is still joining.
    await this.#joined.catch(() => {});
    consumer.pauseAll();
    if (this.#running > 0) await this.#idle.promise;
    this.#stopping.resolve();
    await consumer.leave().catch(() => {});
  }

  #runConfig(): ConsumerRunConfig {
    const { eachMessage, eachBatch, ...run } = this.#options.run;
    return {
      ...run,
      // Done here: kafkajs would also resolve a batch that was broken off.
      eachBatchAutoResolve: false,
      ...(eachMessage && { eachMessage: (payload) => this.#handle(() => eachMessage(this.#message(payload))) }),
      ...(eachBatch && { eachBatch: (payload) => this.#handle(() => this.#batch(eachBatch, payload)) }),
    };
  }

  /** kafkajs hands over what it has fetched also when it is paused; it is told to stop before it is refused. */
  async #handle(handler: () => Promise<void>): Promise<void> {
    if (this.#isLeaving) {
      await this.#stopping.promise;
      throw new GroupLeft();
    }
    this.#running++;
    try {
      await handler();
    } finally {
      this.#running--;
      if (this.#running === 0) {
        this.#idle.resolve();
        this.#idle = Promise.withResolvers();
      }
    }
    // Its time to leave was over before it was done: the message belongs to whoever has the partition now.
    if (this.#isGone) throw new GroupLeft();
  }

  #message(payload: EachMessagePayload) {
    const { topic, partition, message } = payload;
    const next = String(BigInt(message.offset) + 1n);
    const commit = () => this.commit([{ topic, partition, offset: next }]);
    return { ...payload, ...this.#origin(topic), commit };
  }

  async #batch(eachBatch: NonNullable<FailoverRunConfig['eachBatch']>, payload: EachBatchPayload): Promise<void> {
    let wasBrokenOff = false;
    const isRunning = () => {
      const runs = !this.#isLeaving && payload.isRunning();
      wasBrokenOff ||= !runs;
      return runs;
    };
    await eachBatch({ ...payload, ...this.#origin(payload.batch.topic), isRunning });
    const resolvesAll = this.#options.run.eachBatchAutoResolve ?? true;
    if (resolvesAll && !wasBrokenOff) payload.resolveOffset(payload.batch.lastOffset());
  }

  #origin(clusterTopic: string): MessageOrigin {
    const topic = this.#options.topics.get(clusterTopic)?.name ?? clusterTopic;
    return { topic, clusterTopic, cluster: this.cluster };
  }
}
