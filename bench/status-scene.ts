import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { wire } from '../functions/checkpoint/wiring.ts';
import { physicalName } from '../infra/flow/names.ts';
import { awsEnvironment, type ClusterAddress, type RegionsAddress } from '../local/region/addresses.ts';
import { DynamoDbOffsetMap } from '../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbTopicRegistry } from '../shared/adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin } from '../shared/adapters/kafka/admin.ts';
import type { KafkaCluster } from '../shared/adapters/kafka/cluster.ts';
import { ConsumerGroups } from '../shared/adapters/kafka/groups/consumer-groups.ts';
import { KafkaTargetLog } from '../shared/adapters/kafka/target-log.ts';
import { parseConfiguration } from '../shared/config/parse-configuration.ts';
import { sourceOffset, targetOffset } from '../shared/flow/offset.ts';
import { TopicState } from '../shared/ledger/topic-registry.ts';
import { BatchEncoder } from '../shared/records/batch.ts';
import { codecs } from '../shared/records/codec.ts';
import { createTable, head, run } from '../test/integration/dynamodb/table.ts';
import { clusterAt, flowLines, pairIn, writeFlowFile } from './pair.ts';

export interface StatusScale {
  readonly topics: number;
  /** Of each topic. */
  readonly partitions: number;
  readonly groups: number;
}

/** Records of each partition, all of them copied. */
const RECORDS = 10;
const CONSUMED = 6;
const PARTITIONS_OF_GROUP = 4;
const SIDE_BY_SIDE = 8;

/** Two clusters and an offset map as a flow of many topics leaves them: what `causeway status` reads. */
export class StatusScene {
  readonly #source: ClusterAddress;
  readonly #target: ClusterAddress;
  readonly #awsEndpoint: string;
  readonly #scale: StatusScale;
  readonly #tag = `s${Date.now().toString(36)}`;

  constructor(address: RegionsAddress, scale: StatusScale) {
    const { source, target, awsEndpoint } = pairIn(address);
    this.#source = source;
    this.#target = target;
    this.#awsEndpoint = awsEndpoint;
    this.#scale = scale;
  }

  /** Of the deployment that the flow seems to be. */
  get prefix(): string {
    return `bench-${this.#tag}`;
  }

  /** Makes topics, copies and the offset map; has groups carried over by `checkpoint`. */
  async set(): Promise<void> {
    Object.assign(process.env, awsEnvironment(this.#awsEndpoint, this.#target.awsRegion));
    const table = new DynamoDBClient({ region: this.#target.awsRegion });
    const [from, to] = [clusterAt(this.#source), clusterAt(this.#target)];
    const sourceIds = await this.#makeTopics(from, (topic) => topic);
    const targetIds = await this.#makeTopics(to, (topic) => this.#remote(topic));
    await this.#write(from, (topic) => topic, 0, RECORDS);
    await this.#write(to, (topic) => this.#remote(topic), 0, RECORDS);
    await createTable(table, this.#tableName);
    await this.#note(table, sourceIds, targetIds);
    await this.#consume(from);
    const [flow] = parseConfiguration(this.#properties, { file: 'mm2.properties' }).configuration.flows;
    if (flow === undefined) throw new Error('no flow');
    const environment = {
      FLOW: flow,
      OFFSET_MAP_TABLE: this.#tableName,
      OFFSET_MAP_REGION: this.#target.awsRegion,
    };
    await wire(environment).ticker.tick(true);
    await Promise.all([from.close(), to.close()]);
    table.destroy();
  }

  /** One more record on the source of each partition. */
  async fallBehind(): Promise<void> {
    const from = clusterAt(this.#source);
    await this.#write(from, (topic) => topic, RECORDS, 1);
    await from.close();
  }

  /** @returns the path of the flow's configuration in `folder` */
  writeConfiguration(folder: string): string {
    return writeFlowFile(folder, this.#properties);
  }

  get #flow() {
    return { source: this.#source.alias, target: this.#target.alias };
  }

  get #tableName(): string {
    return physicalName(this.prefix, this.#flow, 'offset-map');
  }

  get #properties(): string {
    return flowLines(this.#source, this.#target, [
      `topics = ${this.#tag}-.*`,
      `groups = ${this.#tag}-.*`,
      'checkpoints.topic.replication.factor = 1',
      'sync.group.offsets.enabled = true',
    ]);
  }

  #remote(topic: string): string {
    return `${this.#source.alias}.${topic}`;
  }

  #topics(): readonly string[] {
    return Array.from({ length: this.#scale.topics }, (_, i) => `${this.#tag}-${i}`);
  }

  #places() {
    const { partitions: length } = this.#scale;
    return this.#topics().flatMap((topic) => Array.from({ length }, (_, partition) => ({ topic, partition })));
  }

  /** @returns topic ids by the source's names */
  async #makeTopics(cluster: KafkaCluster, nameOf: (topic: string) => string): Promise<ReadonlyMap<string, string>> {
    const admin = new ClusterAdmin(cluster);
    const ids = new Map<string, string>();
    await sideBySide(this.#topics(), async (topic) => {
      const spec = { name: nameOf(topic), partitions: this.#scale.partitions, replicationFactor: 1 };
      ids.set(topic, await admin.createTopic(spec));
    });
    return ids;
  }

  async #write(cluster: KafkaCluster, nameOf: (topic: string) => string, from: number, count: number): Promise<void> {
    const encoder = new BatchEncoder({ codec: codecs.none });
    await sideBySide(this.#places(), async ({ topic, partition }) => {
      const name = nameOf(topic);
      const options = { topic: name, partition, transactionalId: '', encoder, maxMessageBytes: 1_000_000 };
      const batch = Array.from({ length: count }, (_, i) => {
        return { topic, partition, offset: from + i, timestamp: Date.now(), value: 'eA==' };
      });
      const outcome = await new KafkaTargetLog(cluster, options).append({ producerId: -1n, epoch: -1 }, -1, batch);
      if (outcome.kind !== 'appended') throw new Error(`${name}-${partition}: ${outcome.kind}`);
    });
  }

  async #note(
    table: DynamoDBClient,
    sourceIds: ReadonlyMap<string, string>,
    targetIds: ReadonlyMap<string, string>,
  ): Promise<void> {
    const tableName = this.#tableName;
    const registry = new DynamoDbTopicRegistry(table, tableName, this.#flow);
    const map = new DynamoDbOffsetMap(table, { tableName });
    const ids = (topic: string) => ({
      sourceTopicId: sourceIds.get(topic) ?? '',
      targetTopicId: targetIds.get(topic) ?? '',
    });
    await sideBySide(this.#topics(), async (topic) => {
      const about = { version: 1, topic, remoteTopic: this.#remote(topic), generation: 1, ...ids(topic) };
      const of = { partitions: this.#scale.partitions, consumerGroup: 'causeway', state: TopicState.Active };
      await registry.write(0, { ...about, ...of, mappingUuid: undefined, drainedAfter: undefined });
    });
    const copied = {
      nextSource: sourceOffset(RECORDS),
      nextTarget: targetOffset(RECORDS),
      openRun: run(0, 0, RECORDS),
    };
    await sideBySide(this.#places(), async ({ topic, partition }) => {
      const place = { flow: this.#flow, topic, remoteTopic: this.#remote(topic), partition, generation: 1 };
      await map.write(place, 0, { head: head(1, { ...ids(topic), ...copied }), closed: [], ledger: [] });
    });
  }

  async #consume(cluster: KafkaCluster): Promise<void> {
    const groups = new ConsumerGroups(cluster, { toOffset: sourceOffset, timeoutMs: 300_000 });
    const places = this.#places();
    const offsetsOf = (group: number) =>
      Array.from({ length: Math.min(PARTITIONS_OF_GROUP, places.length) }, (_, i) => {
        const place = places[(group * PARTITIONS_OF_GROUP + i) % places.length] ?? { topic: '', partition: 0 };
        return { ...place, offset: targetOffset(CONSUMED), metadata: '' };
      });
    const names = Array.from({ length: this.#scale.groups }, (_, i) => [`${this.#tag}-g${i}`, offsetsOf(i)] as const);
    await groups.commit(new Map(names));
  }
}

async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}
