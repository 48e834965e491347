import type { Kafka } from 'kafkajs';
import { until } from '../../../local/region/until.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import type { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { Application } from './application.ts';
import {
  COMPACTED_WITHIN_MS,
  cutByRetention,
  GAPPY_TOPIC,
  hastenLogCleaner,
  NEXT_SEGMENT_MS,
  untilCompacted,
} from './gaps.ts';
import { readRecords } from './read-records.ts';
import { countOf, difference, type TopicRecords } from './record-list.ts';

const PARTITIONS_AT_FIRST = 4;
/** After it has grown. */
const PARTITIONS = 6;
/** Share of partition 0 that retention removes from its front. */
const CUT = 0.05;

/** What the log went through. */
export interface GapFigures {
  readonly records: number;
  readonly partitions: number;
  readonly written: number;
  readonly compacted: number;
  readonly aborted: number;
  readonly cutByRetention: number;
}

/**
 * A topic on the source whose offsets have gaps of every kind, and what is left in it. Half of its records are written to
 * four partitions, compacted and cut by retention; then it grows to six. Both halves have transactions, aborted ones too.
 */
export class GappyTopic {
  readonly name: string;
  /** Of the log, by partition; 0 where absent. */
  readonly starts: ReadonlyMap<number, number>;
  readonly #kafka: Kafka;
  readonly #cluster: KafkaCluster;
  readonly #application: Application;
  readonly #starts = new Map<number, number>();
  #partitions = PARTITIONS_AT_FIRST;

  constructor(name: string, { kafka, cluster }: { kafka: Kafka; cluster: KafkaCluster }, seed: number) {
    this.name = name;
    this.starts = this.#starts;
    this.#kafka = kafka;
    this.#cluster = cluster;
    this.#application = new Application(kafka, name, seed);
  }

  get partitions(): number {
    return this.#partitions;
  }

  /** What is left, in the order of the log. */
  get records(): TopicRecords {
    return this.#application.left(this.#starts);
  }

  /** Of the last record, by partition. */
  get lastOffsets(): ReadonlyMap<number, number> {
    return new Map([...this.records].map(([partition, { offsets }]) => [partition, offsets.at(-1) ?? -1]));
  }

  get figures(): GapFigures {
    const { written, replaced, aborted } = this.#application;
    const records = countOf(this.records);
    return {
      ...{ records, partitions: this.#partitions, written, compacted: replaced, aborted },
      cutByRetention: written - replaced - records,
    };
  }

  async create(): Promise<void> {
    const spec = { name: this.name, partitions: this.#partitions, replicationFactor: -1, configs: GAPPY_TOPIC };
    await new ClusterAdmin(this.#cluster).createTopic(spec);
  }

  /** @param count of records, with updates of earlier ones among them */
  async writeFirst(count: number): Promise<void> {
    await this.#application.write(count, this.#partitions, true);
    await this.#application.writeOneEach(this.#partitions, NEXT_SEGMENT_MS);
  }

  async compactAndCut(): Promise<void> {
    await using _ = await hastenLogCleaner(this.#cluster);
    for (let partition = 0; partition < this.#partitions; partition++) {
      const replaced = this.#application.toBeCompacted(partition);
      await untilCompacted(this.#cluster, { topic: this.name, partition }, replaced);
    }
    const { offsets = [] } = this.records.get(0) ?? {};
    const start = offsets[Math.floor(offsets.length * CUT)] ?? 0;
    await cutByRetention(this.#cluster, { topic: this.name, partition: 0 }, start);
    this.#starts.set(0, start);
    // Only some offsets were looked at: the cleaner may not be through with the others.
    let wrong: string | undefined;
    await until(
      async () => {
        wrong = await this.wrong();
        return wrong === undefined;
      },
      COMPACTED_WITHIN_MS,
      (last) => new Error(`${this.name} was not compacted (${last}): ${wrong}`),
    );
  }

  async grow(): Promise<void> {
    this.#partitions = PARTITIONS;
    await new ClusterAdmin(this.#cluster).createPartitions(this.name, PARTITIONS);
  }

  /** Until the log has `count` records. */
  async writeRest(count: number): Promise<void> {
    await this.#application.write(count - countOf(this.records), this.#partitions, false);
  }

  async writeOneEach(): Promise<void> {
    await this.#application.writeOneEach(this.#partitions);
  }

  /** What the log holds, or a copy of it on any cluster, read by a client that is not ours. */
  async read(kafka: Kafka, topic: string, readUncommitted: boolean): Promise<TopicRecords> {
    const last = new Map([...this.records].map(([each, { identities }]) => [each, identities.at(-1) ?? 0]));
    return readRecords(kafka, { topic, groupId: `${this.name}-reader`, last, readUncommitted });
  }

  /** In a sentence, where the log does not hold exactly what compaction and retention leave of what was written. */
  async wrong(): Promise<string | undefined> {
    return difference(this.records, await this.read(this.#kafka, this.name, false));
  }
}
