import { Producer } from '@platformatic/kafka';
import { type Admin, Kafka, type Producer as KafkaJsProducer, logLevel, type Message } from 'kafkajs';
import { createTopics } from '../../../local/region/create-topics.ts';
import { eventually } from './eventually.ts';

/** A Kafka cluster as a client that has nothing to do with the mapping sees it. */
export class Cluster implements AsyncDisposable {
  readonly bootstrapServers: string;
  readonly admin: Admin;
  readonly #kafka: Kafka;
  readonly #producer: KafkaJsProducer;

  private constructor(bootstrapServers: string) {
    this.bootstrapServers = bootstrapServers;
    this.#kafka = new Kafka({
      brokers: bootstrapServers.split(','),
      logLevel: logLevel.NOTHING,
      retry: { retries: 20 },
    });
    this.admin = this.#kafka.admin();
    this.#producer = this.#kafka.producer();
  }

  static async connect(bootstrapServers: string): Promise<Cluster> {
    const cluster = new Cluster(bootstrapServers);
    await Promise.all([cluster.admin.connect(), cluster.#producer.connect()]);
    return cluster;
  }

  async createTopic(topic: string, numPartitions = 1, settings: Record<string, string> = {}): Promise<void> {
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    await createTopics(this.admin, [{ topic, numPartitions, configEntries }]);
  }

  /** Partitions that all have leaders when it resolves, for clients that connect from then on. */
  async addPartitions(topic: string, count: number): Promise<void> {
    await this.admin.createPartitions({ topicPartitions: [{ topic, count }] });
    await eventually(
      () => this.admin.fetchTopicMetadata({ topics: [topic] }),
      ({ topics: [found] }) =>
        found?.partitions.length === count && found.partitions.every(({ leader }) => leader >= 0),
    );
  }

  async produce(topic: string, ...messages: (string | Message)[]): Promise<void> {
    const described = messages.map((message) =>
      typeof message === 'string' ? { partition: 0, value: message } : message,
    );
    await this.#producer.send({ topic, messages: described });
  }

  /** With headers as Kafka has them: in order, repeated, empty, without a value. */
  async produceWithHeaders(topic: string, value: Buffer, headers: Map<Buffer, Buffer | null>): Promise<void> {
    const producer = new Producer({
      clientId: 'headers',
      bootstrapBrokers: this.bootstrapServers.split(','),
      serializers: {
        key: (key?: Buffer) => key,
        value: (value?: Buffer) => value,
        headerKey: (name?: Buffer) => name,
        headerValue: (value?: Buffer | null) => value ?? undefined,
      },
    });
    await producer.send({ messages: [{ topic, partition: 0, value, headers }] });
    await producer.close();
  }

  /** A transaction that is committed, or aborted, and whose marker stands in the log: EndTxn answers before that. */
  async produceInTransaction(topic: string, value: string, end: 'commit' | 'abort'): Promise<void> {
    const producer = this.#kafka.producer({
      transactionalId: `${topic}-${value}`,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    const [sent] = await transaction.send({ topic, messages: [{ partition: 0, value }] });
    await transaction[end]();
    const behindMarker = Number(sent?.baseOffset) + 2;
    await eventually(
      () => this.admin.fetchTopicOffsets(topic),
      (offsets) => offsets.some(({ partition, high }) => partition === 0 && Number(high) >= behindMarker),
    );
    await producer.disconnect();
  }

  /** Committed offsets by partition; -1: none. */
  async committed(groupId: string, topic: string): Promise<number[]> {
    const [found] = await this.admin.fetchOffsets({ groupId, topics: [topic] });
    const partitions = found?.partitions ?? [];
    return partitions.sort((a, b) => a.partition - b.partition).map(({ offset }) => Number(offset));
  }

  async untilCommitted(groupId: string, topic: string, offsets: number[]): Promise<void> {
    await eventually(
      () => this.committed(groupId, topic),
      (seen) => JSON.stringify(seen) === JSON.stringify(offsets),
    );
  }

  async groupState(groupId: string): Promise<string> {
    const { groups } = await this.admin.describeGroups([groupId]);
    return groups[0]?.state ?? 'unknown';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.admin.disconnect(), this.#producer.disconnect()]);
  }
}
