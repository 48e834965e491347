import { UnknownTopicError } from '../../../../shared/adapters/kafka/errors.ts';
import { CausewayError } from '../../../../shared/flow/errors.ts';
import type { PartitionLog } from '../../../../shared/groups/ports.ts';
import type { TopicPartition } from '../../../../shared/mm2/topic-partition.ts';
import type {
  ActiveProducer,
  BrokerProbe,
  PartitionHealth,
  RecordDigest,
  RoundTrip,
  RunbookCluster,
} from '../../../../shared/runbook/ports/cluster.ts';

/** What a call on a cluster that is away throws. */
export class Away extends CausewayError {
  readonly code = 'KAFKA_UNREACHABLE';
  readonly retriable = true;
}

export interface FakeLog {
  start: number;
  end: number;
  /** Where an open transaction begins. */
  stable?: number;
  producers: ActiveProducer[];
  records: RecordDigest[];
}

/** As one that was compared is seen. */
export function recordAt(offset: number, digest = `record ${offset}`): RecordDigest {
  return { offset, digest };
}

export class FakeCluster implements RunbookCluster {
  readonly alias: string;
  readonly #changes: string[];
  readonly logs = new Map<string, FakeLog>();
  readonly partitions = new Map<string, PartitionHealth[]>();
  readonly ids = new Map<string, string>();
  brokers = ['b1:9092', 'b2:9092', 'b3:9092'];
  silent: string[] = [];
  away = false;

  constructor(alias: string, changes: string[]) {
    this.alias = alias;
    this.#changes = changes;
  }

  topic(name: string, ends: readonly number[]): this {
    for (const [partition, end] of ends.entries())
      this.logs.set(`${name}-${partition}`, { start: 0, end, producers: [], records: [] });
    const replicas = { replicas: [1, 2, 3], inSync: [1, 2, 3] };
    this.partitions.set(
      name,
      ends.map((_, partition) => ({ partition, leader: 1, ...replicas })),
    );
    return this;
  }

  log(topic: string, partition: number): FakeLog {
    const found = this.logs.get(`${topic}-${partition}`);
    if (found === undefined) throw new Error(`no log ${topic}-${partition}`);
    return found;
  }

  /** Everything that the cluster is asked for is refused, as by one that is gone. */
  lose(): void {
    this.away = true;
    this.silent = this.brokers;
  }

  async probe(): Promise<readonly BrokerProbe[]> {
    return this.brokers.map((broker) => {
      const answers = !this.silent.includes(broker);
      return { broker, answers, tookMs: 1, because: answers ? undefined : 'connect ECONNREFUSED' };
    });
  }

  async health(topics: readonly string[]) {
    this.#asked();
    return new Map(topics.flatMap((name) => [...(this.partitions.has(name) ? [[name, this.#of(name)] as const] : [])]));
  }

  async ends(partitions: readonly TopicPartition[]) {
    return this.#each(partitions, ({ start, end }, topic): PartitionLog<number> => {
      return { logStart: start, logEnd: end, topicId: `${this.alias} ${topic}` };
    });
  }

  async stableEnds(partitions: readonly TopicPartition[]) {
    return this.#each(partitions, ({ end, stable }) => stable ?? end);
  }

  async producers(partitions: readonly TopicPartition[]) {
    return this.#each(partitions, ({ producers }): readonly ActiveProducer[] => producers.map((each) => ({ ...each })));
  }

  async transactionalIds() {
    this.#asked();
    return this.ids;
  }

  async records({ topic, partition }: TopicPartition, from: number, most: number) {
    this.#asked();
    return this.log(topic, partition)
      .records.filter(({ offset }) => offset >= from)
      .slice(0, most);
  }

  async roundTrip(text: string): Promise<RoundTrip> {
    this.#asked();
    this.#changes.push(`${this.alias} canary`);
    return { topic: 'canary', offset: text.length, writtenAfterMs: 1, readAfterMs: 2 };
  }

  #each<T>(partitions: readonly TopicPartition[], read: (log: FakeLog, topic: string) => T) {
    this.#asked();
    const topics = new Map<string, Map<number, T | { code: string }>>();
    for (const { topic, partition } of partitions) {
      const log = this.logs.get(`${topic}-${partition}`);
      const ofTopic = topics.get(topic) ?? new Map();
      topics.set(topic, ofTopic.set(partition, log ? read(log, topic) : { code: 'UNKNOWN_TOPIC_OR_PARTITION' }));
    }
    return topics;
  }

  #of(name: string): readonly PartitionHealth[] {
    const found = this.partitions.get(name);
    if (found === undefined) throw new UnknownTopicError(this.alias, name);
    return found;
  }

  #asked(): void {
    if (this.away) throw new Away(`no broker of ${this.alias} answers`, { safe: '', next: '' });
  }
}
