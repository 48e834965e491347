import { setTimeout as wait } from 'node:timers/promises';
import kafkajs, {
  type Admin,
  type Kafka,
  type Message,
  type PartitionMetadata,
  type Producer,
  type ProducerConfig,
  type RecordMetadata,
} from 'kafkajs';
import { TopicNotFoundError } from '../errors.ts';
import { type ClusterProducer, type PartitionRequest, Refusal } from './ports.ts';

/** What a failover producer decides by itself is left out: see docs/client.md. */
export type KafkaJsProducerOptions = Pick<ProducerConfig, 'retry' | 'metadataMaxAge'>;

/** kafkajs waits up to 30 s between attempts; a leader is elected in less. What ends them is the admission. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000 };
const RETRIES = Number.MAX_SAFE_INTEGER;

const TOPIC_ATTEMPTS = 10;
const TOPIC_PAUSE_MS = 200;

/**
 * kafkajs's idempotent producer, one partition a request. That is also how its own shortcomings are kept away: of a request
 * for several brokers it sends parts twice when one of them fails, and it gives the sequence numbers of a request that
 * timed out to the next one, which the broker then acknowledges without writing it.
 */
export class KafkaJsClusterProducer implements ClusterProducer {
  readonly #cluster: string;
  readonly #producer: Producer;
  readonly #admin: Admin;
  /** By the first message of each request. */
  readonly #admissions = new WeakMap<Message, () => void>();
  readonly #partitions = new Map<string, PartitionMetadata[]>();

  constructor(cluster: string, kafka: Kafka, { retry, metadataMaxAge }: KafkaJsProducerOptions) {
    this.#cluster = cluster;
    this.#admin = kafka.admin();
    this.#producer = kafka.producer({
      ...(metadataMaxAge !== undefined && { metadataMaxAge }),
      retry: { ...RETRY, ...retry, retries: RETRIES },
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // Called for each message before each attempt to send it.
      createPartitioner:
        () =>
        ({ topic, partitionMetadata, message }) => {
          this.#partitions.set(topic, partitionMetadata);
          this.#admissions.get(message)?.();
          return message.partition ?? 0;
        },
    });
  }

  async connect(): Promise<void> {
    await Promise.all([this.#producer.connect(), this.#admin.connect()]);
  }

  async disconnect(): Promise<void> {
    await Promise.all([this.#producer.disconnect(), this.#admin.disconnect()]);
  }

  /** @throws TopicNotFoundError */
  async partitions(topic: string): Promise<PartitionMetadata[]> {
    const known = this.#partitions.get(topic);
    if (known !== undefined) return known;
    const found = await this.#ask(topic);
    this.#partitions.set(topic, found);
    return found;
  }

  async produce(request: PartitionRequest, admit: () => void): Promise<RecordMetadata> {
    const { topic, partition, settings } = request;
    const messages = request.messages.map((message) => ({ ...message, partition }));
    const [first] = messages;
    if (first !== undefined) this.#admissions.set(first, admit);
    const answers = await this.#producer.sendBatch({
      topicMessages: [{ topic, messages }],
      ...(settings.acks !== undefined && { acks: settings.acks }),
      ...(settings.timeout !== undefined && { timeout: settings.timeout }),
      ...(settings.compression !== undefined && { compression: settings.compression }),
    });
    const answer = answers.find((each) => each.topicName === topic && each.partition === partition);
    // kafkajs passes over a partition that its metadata does not have yet.
    if (answer === undefined) throw new kafkajs.KafkaJSError(`no leader of ${topic}-${partition} is known`);
    return answer;
  }

  /** Brokers hear of a new topic a moment after it was made. */
  async #ask(topic: string): Promise<PartitionMetadata[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { topics } = await this.#admin.fetchTopicMetadata({ topics: [topic] });
        return topics.find(({ name }) => name === topic)?.partitions ?? [];
      } catch (error) {
        if (typeOf(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
        if (attempt === TOPIC_ATTEMPTS) throw new TopicNotFoundError(this.#cluster, topic, error);
        await wait(TOPIC_PAUSE_MS);
      }
    }
  }
}

/** The broker has lost, or never had, what it knows of this producer's sequence. */
const SEQUENCE_ERRORS = [
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'UNKNOWN_PRODUCER_ID',
];

export function refusalOfKafkaJs(error: unknown): Refusal {
  const type = typeOf(error);
  if (type !== undefined && SEQUENCE_ERRORS.includes(type)) return Refusal.Sequence;
  const origin = originOf(error);
  if (origin instanceof kafkajs.KafkaJSLockTimeout || origin instanceof kafkajs.KafkaJSNumberOfRetriesExceeded)
    return Refusal.Passing;
  if (origin instanceof Error && 'retriable' in origin)
    return origin.retriable === false ? Refusal.Final : Refusal.Passing;
  return Refusal.Final;
}

function typeOf(error: unknown): string | undefined {
  const origin = originOf(error);
  return origin instanceof Error && 'type' in origin && typeof origin.type === 'string' ? origin.type : undefined;
}

/** kafkajs wraps what went wrong, at times more than once. */
function originOf(error: unknown): unknown {
  if (error instanceof kafkajs.KafkaJSError && error.cause !== undefined) return originOf(error.cause);
  return error;
}
