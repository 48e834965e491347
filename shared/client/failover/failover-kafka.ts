import kafkajs, { type Kafka, type KafkaConfig } from 'kafkajs';
import { messageOf } from '../../flow/errors.ts';
import { flowName } from '../../flow/flow.ts';
import { defaultPolicy } from '../../policy/default-policy.ts';
import { offerCodecs } from '../kafkajs/codecs.ts';
import { KafkaJsConnection } from '../kafkajs/connection.ts';
import { FailoverConsumer } from './consumer/failover-consumer.ts';
import { KafkaJsGroupConsumer } from './consumer/kafkajs-consumer.ts';
import { KafkaJsPlaces } from './consumer/kafkajs-places.ts';
import { FailoverEmitter, type FailoverEvent, type FailoverListener } from './events.ts';
import {
  DEFAULTS,
  type FailoverConsumerOptions,
  type FailoverKafkaOptions,
  type FailoverProducerOptions,
} from './options.ts';
import { FailoverProducer } from './producer/failover-producer.ts';
import { KafkaJsClusterProducer, refusalOfKafkaJs } from './producer/kafkajs-producer.ts';
import type { RegistryState } from './registry/state.ts';
import { RegistryWatch } from './registry/watch.ts';
import { ApplicationTopics } from './topics.ts';

/** After a consumer could not join. */
const RETRY_MS = 1_000;

/** Producers and consumers of one application, which follow the registry of a flow. Made by `createFailoverKafka`. */
export class FailoverKafka implements AsyncDisposable {
  readonly #options: FailoverKafkaOptions;
  readonly #events: FailoverEmitter;
  readonly #watch: RegistryWatch;
  readonly #topics: ApplicationTopics;
  readonly #clients = new Set<FailoverProducer | FailoverConsumer>();

  constructor(options: FailoverKafkaOptions) {
    const { flow, registry, policy = defaultPolicy('.', '.') } = options;
    const { pollMs = DEFAULTS.pollMs, readTimeoutMs = DEFAULTS.readTimeoutMs } = options;
    this.#options = options;
    this.#events = new FailoverEmitter((event, error) => {
      const message = messageOf(error);
      this.#kafka(flow.source).logger().error(`Failed to execute listener of ${event}: ${message}`);
    });
    this.#topics = new ApplicationTopics(flow, policy);
    this.#watch = new RegistryWatch({ flow, source: registry, pollMs, readTimeoutMs }, this.#events);
    this.#watch.start();
    offerCodecs();
  }

  /** Connected by its `connect()`; any number may be made. */
  producer(options: FailoverProducerOptions = {}): FailoverProducer {
    const { pollMs = DEFAULTS.pollMs, firstReadMs = DEFAULTS.firstReadMs } = this.#options;
    const { maxHeldMessages = DEFAULTS.maxHeldMessages, maxHeldMs = DEFAULTS.maxHeldMs } = options;
    const { createPartitioner = kafkajs.Partitioners.DefaultPartitioner, settleMs = DEFAULTS.settleMs } = options;
    const { retry, metadataMaxAge } = options;
    const bounds = { messages: maxHeldMessages, ageMs: maxHeldMs };
    return this.#kept(
      new FailoverProducer(
        { bounds, settleMs, firstReadMs, pollMs, createPartitioner },
        {
          watch: this.#watch,
          events: this.#events,
          producer: (cluster) => {
            const kafka = this.#kafka(cluster);
            return new KafkaJsClusterProducer(cluster, kafka, {
              retry: { ...this.#config(cluster).retry, ...retry },
              ...(metadataMaxAge !== undefined && { metadataMaxAge }),
            });
          },
          refusalOf: refusalOfKafkaJs,
        },
      ),
    );
  }

  /** Connected by its `connect()`; any number may be made. */
  consumer(options: FailoverConsumerOptions): FailoverConsumer {
    const { leaveMs = DEFAULTS.leaveMs, topicRefreshMs: refreshMs = DEFAULTS.topicRefreshMs, ...config } = options;
    const { firstReadMs = DEFAULTS.firstReadMs } = this.#options;
    return this.#kept(
      new FailoverConsumer(
        { groupId: options.groupId, leaveMs, refreshMs, retryMs: RETRY_MS, firstReadMs },
        {
          watch: this.#watch,
          events: this.#events,
          topics: this.#topics,
          places: (cluster) => new KafkaJsPlaces(new KafkaJsConnection(this.#kafka(cluster))),
          consumer: (cluster, onFailure) => new KafkaJsGroupConsumer(this.#kafka(cluster), config, onFailure),
        },
      ),
    );
  }

  /** What the registry said last; undefined until its first answer. */
  state(): RegistryState | undefined {
    return this.#watch.state;
  }

  /** @returns takes the listener away again */
  on<E extends FailoverEvent>(event: E, listener: FailoverListener<E>): () => void {
    return this.#events.on(event, listener);
  }

  /** Disconnects all producers and consumers, and reads the registry no longer. */
  async close(): Promise<void> {
    await Promise.all([...this.#clients].map((client) => client.disconnect()));
    await this.#watch.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #kept<C extends FailoverProducer | FailoverConsumer>(client: C): C {
    this.#clients.add(client);
    return client;
  }

  /** A new one each time: kafkajs's consumers of one `Kafka` share what they know of committed offsets. */
  #kafka(cluster: string): Kafka {
    const { clientId, logLevel } = this.#options;
    return new kafkajs.Kafka({
      ...(clientId !== undefined && { clientId }),
      ...(logLevel !== undefined && { logLevel }),
      ...this.#config(cluster),
    });
  }

  #config(cluster: string): KafkaConfig {
    const config: KafkaConfig | undefined = this.#options.clusters[cluster];
    if (config === undefined)
      throw new TypeError(`no brokers of ${cluster} are given for ${flowName(this.#options.flow)}`);
    return config;
  }
}
