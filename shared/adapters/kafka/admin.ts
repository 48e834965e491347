import { apis, EARLIEST, LATEST } from './apis.ts';
import type { BrokerConnection } from './broker-connection.ts';
import type { Call, KafkaCluster } from './cluster.ts';
import { answerOf } from './failure.ts';
import { listOffsets, type TopicPartitionName } from './log-ends.ts';
import { rights } from './rights.ts';
import { explainTopicRefusal } from './topic-errors.ts';

export interface TopicSummary {
  readonly name: string;
  /** 22 characters of base64url, as Kafka's tools print it. */
  readonly topicId: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Kafka's own topics (`__consumer_offsets`). */
  readonly internal: boolean;
}

export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  /** -1: the broker's default */
  readonly replicationFactor: number;
  readonly configs?: Readonly<Record<string, string>>;
}

export interface TopicConfig {
  readonly value: string | null;
  /** Set on the topic itself, not inherited from the broker. */
  readonly own: boolean;
  readonly readOnly: boolean;
  /** Then `value` is null. */
  readonly sensitive: boolean;
}

const TOPIC = 2;
const OWN_CONFIG_SOURCE = 1;
/** The broker answers once its controller has made the change, or after so long. */
const CHANGE_TIMEOUT_MS = 8_000;
const CLEANUP_POLICY = 'cleanup.policy';
/** `max.message.bytes` of a broker that says nothing else: 1 MiB and the batch's fixed fields. */
const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

/** What reconcile reads and changes of a cluster. Every change may be repeated. */
export class ClusterAdmin {
  readonly #cluster: KafkaCluster;
  readonly #signal: AbortSignal | undefined;

  constructor(cluster: KafkaCluster, options: { readonly signal?: AbortSignal } = {}) {
    this.#cluster = cluster;
    this.#signal = options.signal;
  }

  /** All topics that the cluster shows to this user. */
  async listTopics(): Promise<readonly TopicSummary[]> {
    const { topics } = await this.#cluster.metadata('all', this.#signal);
    return [...topics.values()].map(({ name, topicId, internal, partitions }) => ({
      name,
      topicId,
      internal,
      partitions: partitions.size,
      replicationFactor: partitions.get(0)?.replicas.length ?? 0,
    }));
  }

  /** @throws UnknownTopicError */
  async partitionCount(topic: string): Promise<number> {
    return (await this.#cluster.topic(topic, true, this.#signal)).partitions.size;
  }

  /** By topic, then by config name. @throws UnknownTopicError for the first one that does not exist */
  async describeTopicConfigs(
    topics: readonly string[],
    names?: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, TopicConfig>>> {
    const { results } = await this.#ask(
      'DescribeConfigs',
      topics.join(', '),
      rights.describeTopicConfigs,
      (connection) =>
        connection.call(
          apis.describeConfigs,
          topics.map((name) => ({ resourceType: TOPIC, resourceName: name, configurationKeys: names && [...names] })),
          false,
          false,
        ),
    );
    return new Map(
      results.map(({ resourceName, configs }) => [
        resourceName,
        new Map(
          configs.map(({ name, value, configSource, readOnly, isSensitive }) => [
            name,
            { value: value ?? null, own: configSource === OWN_CONFIG_SOURCE, readOnly, sensitive: isSensitive },
          ]),
        ),
      ]),
    );
  }

  /** Those of which older records with the same key are removed. @throws UnknownTopicError for the first one that does not exist */
  async compacted(topics: readonly string[]): Promise<ReadonlySet<string>> {
    if (topics.length === 0) return new Set();
    const configs = await this.describeTopicConfigs(topics, [CLEANUP_POLICY]);
    return new Set(topics.filter((topic) => configs.get(topic)?.get(CLEANUP_POLICY)?.value?.includes('compact')));
  }

  /** Largest batch that `topic` takes, bytes; Kafka's default where this user may not read configs. */
  async maxMessageBytes(topic: string): Promise<number> {
    const name = 'max.message.bytes';
    try {
      const configs = await this.describeTopicConfigs([topic], [name]);
      return Number(configs.get(topic)?.get(name)?.value ?? DEFAULT_MAX_MESSAGE_BYTES);
    } catch (error) {
      if (answerOf(error)?.endsWith('AUTHORIZATION_FAILED')) return DEFAULT_MAX_MESSAGE_BYTES;
      throw error;
    }
  }

  /**
   * @returns the topic's id; that of the existing one, whatever its settings, when there is one already
   * @throws TopicRefusedError with what about it the cluster does not take
   */
  async createTopic(topic: NewTopic): Promise<string> {
    return (await this.makeTopic(topic)).topicId;
  }

  /** As `createTopic`. `made`: it was not there before. @throws TopicRefusedError */
  async makeTopic(topic: NewTopic): Promise<{ readonly topicId: string; readonly made: boolean }> {
    try {
      await this.#requestTopic(topic, false);
      return { topicId: await this.#visibleTopicId(topic.name), made: true };
    } catch (error) {
      if (answerOf(error) !== 'TOPIC_ALREADY_EXISTS') throw explainTopicRefusal(error);
      return { topicId: await this.#visibleTopicId(topic.name), made: false };
    }
  }

  /** Whether the cluster would make such a topic. @throws TopicRefusedError with what it does not take */
  async checkTopic(topic: NewTopic): Promise<void> {
    try {
      await this.#requestTopic(topic, true);
    } catch (error) {
      if (answerOf(error) !== 'TOPIC_ALREADY_EXISTS') throw explainTopicRefusal(error);
    }
  }

  /** To `count` in all. A topic that has as many, or more, stays as it is. */
  async createPartitions(topic: string, count: number): Promise<void> {
    const { partitions } = await this.#cluster.topic(topic, true, this.#signal);
    if (partitions.size >= count) return;
    try {
      await this.#change('CreatePartitions', topic, rights.alterTopic, (connection) =>
        connection.call(apis.createPartitions, [{ name: topic, count, assignments: null }], CHANGE_TIMEOUT_MS, false),
      );
    } catch (error) {
      const now = await this.#cluster.topic(topic, true, this.#signal);
      if (now.partitions.size < count) throw explainTopicRefusal(error);
    }
  }

  logStarts(partitions: readonly TopicPartitionName[]): Promise<ReadonlyMap<string, number>> {
    return listOffsets(this.#cluster, partitions, EARLIEST, this.#signal);
  }

  /** High watermarks by `topic-partition`. */
  logEnds(partitions: readonly TopicPartitionName[]): Promise<ReadonlyMap<string, number>> {
    return listOffsets(this.#cluster, partitions, LATEST, this.#signal);
  }

  /** First offsets whose records have this time (ms since the epoch) or a later one, by `topic-partition`; none where there is none. */
  async offsetsSince(
    partitions: readonly TopicPartitionName[],
    timestampMs: number,
  ): Promise<ReadonlyMap<string, number>> {
    const found = await listOffsets(this.#cluster, partitions, BigInt(timestampMs), this.#signal);
    return new Map([...found].filter(([, offset]) => offset >= 0));
  }

  #requestTopic({ name, partitions, replicationFactor, configs = {} }: NewTopic, validateOnly: boolean) {
    const written = Object.entries(configs).map(([key, value]) => ({ name: key, value }));
    const asked = { name, numPartitions: partitions, replicationFactor, assignments: [], configs: written };
    return this.#change('CreateTopics', name, rights.createTopic, (connection) =>
      connection.call(apis.createTopics, [asked], CHANGE_TIMEOUT_MS, validateOnly),
    );
  }

  /** A new topic's id. Brokers hear of a change some time after the controller has made it. */
  #visibleTopicId(name: string): Promise<string> {
    return this.#cluster.waitFor(`Metadata of topic ${name}`, this.#signal, async () => {
      const { topics } = await this.#cluster.metadata([name], this.#signal);
      return topics.get(name)?.topicId;
    });
  }

  #ask<R>(
    request: string,
    topics: string,
    needs: (topic: string) => Call<R>['needs'],
    run: (connection: BrokerConnection) => Promise<R>,
  ): Promise<R> {
    return this.#cluster.call({ ...this.#doing(request, topics, needs), to: async () => 'any', run });
  }

  /** Changes are the controller's; Kafka in KRaft mode passes them on from any broker. */
  #change<R>(
    request: string,
    topic: string,
    needs: (topic: string) => Call<R>['needs'],
    run: (connection: BrokerConnection) => Promise<R>,
  ): Promise<R> {
    const to = async () => (await this.#cluster.metadata([topic], this.#signal)).controller;
    return this.#cluster.call({ ...this.#doing(request, topic, needs), to, run });
  }

  #doing(request: string, topics: string, needs: (topic: string) => Call<unknown>['needs']) {
    return {
      request: `${request} of ${topics}`,
      subject: `topic ${topics}`,
      needs: needs(topics),
      signal: this.#signal,
    };
  }
}
