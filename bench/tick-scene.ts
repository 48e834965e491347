import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { wire } from '../functions/checkpoint/wiring.ts';
import type { RegionsAddress } from '../local/region/addresses.ts';
import { DynamoDbOffsetMap } from '../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbTopicRegistry } from '../shared/adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin } from '../shared/adapters/kafka/admin.ts';
import { KafkaCluster } from '../shared/adapters/kafka/cluster.ts';
import { ConsumerGroups } from '../shared/adapters/kafka/groups/consumer-groups.ts';
import { KafkaTargetLog } from '../shared/adapters/kafka/target-log.ts';
import { parseConfiguration } from '../shared/config/parse-configuration.ts';
import { sourceOffset, targetOffset } from '../shared/flow/offset.ts';
import { BatchEncoder } from '../shared/records/batch.ts';
import { codecs } from '../shared/records/codec.ts';
import { createTable, head, run } from '../test/integration/dynamodb/table.ts';

export interface TickScale {
  readonly groups: number;
  readonly topics: number;
  readonly partitionsOfTopic: number;
  /** Partitions that each group has offsets for. */
  readonly partitionsOfGroup: number;
}

/** Each partition: 40 records on the source, 0-19 and 22-37 copied, so that offsets below 22 are in a closed run. */
const ON_SOURCE = 40;
const ON_TARGET = 36;
const FLOW = { source: 'us-east', target: 'us-west' };
const SIDE_BY_SIDE = 8;

/** Two clusters and an offset map as a flow with many groups has them. */
export class TickScene {
  readonly #address: RegionsAddress;
  readonly #scale: TickScale;
  readonly #tag = `b${Date.now().toString(36)}`;
  readonly #tableName: string;

  private constructor(address: RegionsAddress, scale: TickScale, tableName: string) {
    this.#address = address;
    this.#scale = scale;
    this.#tableName = tableName;
  }

  static async set(address: RegionsAddress, scale: TickScale): Promise<TickScene> {
    process.env.AWS_ENDPOINT_URL = address.awsEndpoint ?? '';
    process.env.AWS_ACCESS_KEY_ID = 'test';
    process.env.AWS_SECRET_ACCESS_KEY = 'test';
    const table = new DynamoDBClient({ region: 'us-west-2' });
    const scene = new TickScene(address, scale, await createTable(table));
    const [east, west] = [scene.#cluster(0), scene.#cluster(1)];
    const sourceIds = await scene.#fill(east, (topic) => topic, ON_SOURCE);
    const targetIds = await scene.#fill(west, (topic) => `us-east.${topic}`, ON_TARGET);
    await scene.#note(table, sourceIds, targetIds);
    await Promise.all([east.close(), west.close()]);
    table.destroy();
    return scene;
  }

  /** `checkpoint` as a new execution environment has it. */
  begin() {
    const [east, west] = this.#address.clusters;
    const text = [
      'clusters = us-east, us-west',
      `us-east.bootstrap.servers = ${east?.bootstrapServers}`,
      `us-west.bootstrap.servers = ${west?.bootstrapServers}`,
      'us-east->us-west.enabled = true',
      `groups = ${this.#tag}-.*`,
      'checkpoints.topic.replication.factor = 1',
      'sync.group.offsets.enabled = true',
    ].join('\n');
    const [flow] = parseConfiguration(text, { file: 'mm2.properties' }).configuration.flows;
    if (flow === undefined) throw new Error('no flow');
    return wire({ FLOW: flow, OFFSET_MAP_TABLE: this.#tableName, OFFSET_MAP_REGION: 'us-west-2' });
  }

  /** All groups, on the source. */
  async setGroups(offset: number): Promise<void> {
    const cluster = this.#cluster(0);
    const lanes = [this.#cluster(0), this.#cluster(0), this.#cluster(0)];
    const groups = new ConsumerGroups(cluster, { toOffset: sourceOffset, timeoutMs: 300_000, lanes });
    const { groups: count, partitionsOfGroup } = this.#scale;
    const all = this.#places();
    const offsetsOf = (group: number) =>
      Array.from({ length: Math.min(partitionsOfGroup, all.length) }, (_, i) => {
        const { topic, partition } = all[(group * partitionsOfGroup + i) % all.length] ?? { topic: '', partition: 0 };
        return { topic, partition, offset: targetOffset(offset), metadata: '' };
      });
    await groups.commit(new Map(Array.from({ length: count }, (_, i) => [`${this.#tag}-g${i}`, offsetsOf(i)])));
    await Promise.all([cluster, ...lanes].map((each) => each.close()));
  }

  #cluster(index: number): KafkaCluster {
    const { alias, bootstrapServers } = this.#address.clusters[index] ?? { alias: '', bootstrapServers: '' };
    return new KafkaCluster({ alias, bootstrapServers: bootstrapServers.split(',') });
  }

  #topics(): readonly string[] {
    return Array.from({ length: this.#scale.topics }, (_, i) => `${this.#tag}-${i}`);
  }

  #places() {
    const { partitionsOfTopic: length } = this.#scale;
    return this.#topics().flatMap((topic) => Array.from({ length }, (_, partition) => ({ topic, partition })));
  }

  /** @returns topic ids by the source's names */
  async #fill(cluster: KafkaCluster, nameOf: (topic: string) => string, records: number): Promise<Map<string, string>> {
    const admin = new ClusterAdmin(cluster);
    const ids = new Map<string, string>();
    for (const topic of this.#topics()) {
      const spec = { name: nameOf(topic), partitions: this.#scale.partitionsOfTopic, replicationFactor: 1 };
      ids.set(topic, await admin.createTopic(spec));
    }
    const encoder = new BatchEncoder({ codec: codecs.none });
    await sideBySide(this.#places(), async ({ topic, partition }) => {
      const name = nameOf(topic);
      const options = { topic: name, partition, transactionalId: '', encoder, maxMessageBytes: 1_000_000 };
      const batch = Array.from({ length: records }, (_, offset) => {
        return { topic, partition, offset, timestamp: Date.now(), value: 'eA==' };
      });
      const outcome = await new KafkaTargetLog(cluster, options).append({ producerId: -1n, epoch: -1 }, -1, batch);
      if (outcome.kind !== 'appended') throw new Error(`${name}-${partition}: ${outcome.kind}`);
    });
    return ids;
  }

  async #note(table: DynamoDBClient, sourceIds: Map<string, string>, targetIds: Map<string, string>): Promise<void> {
    const [map, registry] = [
      new DynamoDbOffsetMap(table, { tableName: this.#tableName }),
      new DynamoDbTopicRegistry(table, this.#tableName, FLOW),
    ];
    const ids = (topic: string) => ({
      sourceTopicId: sourceIds.get(topic) ?? '',
      targetTopicId: targetIds.get(topic) ?? '',
    });
    for (const topic of this.#topics())
      await registry.write(0, {
        ...{ version: 1, topic, remoteTopic: `us-east.${topic}`, generation: 1, ...ids(topic), state: 'active' },
        ...{ partitions: this.#scale.partitionsOfTopic, consumerGroup: 'causeway' },
        ...{ mappingUuid: undefined, drainedAfter: undefined },
      });
    const frontier = { nextSource: sourceOffset(38), nextTarget: targetOffset(36), openRun: run(22, 20, 16) };
    await sideBySide(this.#places(), async ({ topic, partition }) => {
      const place = { flow: FLOW, topic, remoteTopic: `us-east.${topic}`, partition, generation: 1 };
      const write = { head: head(1, { ...ids(topic), ...frontier }), closed: [run(0, 0, 20)], ledger: [] };
      await map.write(place, 0, write);
    });
  }
}

async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}
