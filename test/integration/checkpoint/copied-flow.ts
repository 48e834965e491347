import { inject } from 'vitest';
import { wire } from '../../../functions/checkpoint/wiring.ts';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbTopicRegistry } from '../../../shared/adapters/dynamodb/topic-registry.ts';
import type { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { ConsumerGroups } from '../../../shared/adapters/kafka/groups/consumer-groups.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { isTold } from '../../../shared/groups/committed-offsets.ts';
import { LatestCheckpoints } from '../../../shared/mm2/latest-checkpoints.ts';
import { connect as connectTable, createTable, head, run } from '../dynamodb/table.ts';
import { connect, createTopic, logOf, recordsFrom, recordsIn, uniqueName } from '../kafka/target.ts';

const { clusters, awsEndpoint = '' } = inject('regions');
const [eastServers = '', westServers = ''] = clusters.map(({ bootstrapServers }) => bootstrapServers);
process.env.AWS_ENDPOINT_URL = awsEndpoint;
process.env.AWS_ACCESS_KEY_ID = 'test';
process.env.AWS_SECRET_ACCESS_KEY = 'test';

export { westServers };

/**
 * A flow under an alias of its own with one topic of 100 records on the source: 0-39 and 50-89 are copied, to 0-39 and 40-79
 * of the target, and nothing past 90 yet. Its configuration is read from a file, as a deployment's is.
 */
export class CopiedFlow implements AsyncDisposable {
  readonly alias = uniqueName('us-east');
  readonly topic = uniqueName('orders');
  readonly east: KafkaCluster;
  readonly west = connect(westServers);
  readonly source: ConsumerGroups<number>;
  readonly target: ConsumerGroups<number>;
  readonly eastServers: string;
  readonly #table = connectTable(awsEndpoint);
  #tableName = '';

  private constructor(sourceServers: string) {
    this.eastServers = sourceServers;
    this.east = connect(sourceServers, { alias: 'us-east' });
    this.source = new ConsumerGroups<number>(this.east, { toOffset: Number });
    this.target = new ConsumerGroups<number>(this.west, { toOffset: Number });
  }

  static async start(sourceServers = eastServers): Promise<CopiedFlow> {
    const flow = new CopiedFlow(sourceServers);
    await flow.#copy();
    return flow;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.east.close(), this.west.close()]);
    this.#table.destroy();
  }

  get remoteTopic(): string {
    return `${this.alias}.${this.topic}`;
  }

  get checkpointsTopic(): string {
    return `${this.alias}.checkpoints.internal`;
  }

  /** The function as a new execution environment has it. */
  begin(...more: readonly string[]) {
    const text = [
      `clusters = ${this.alias}, us-west`,
      `${this.alias}.bootstrap.servers = ${this.eastServers}`,
      `us-west.bootstrap.servers = ${westServers}`,
      `${this.alias}->us-west.enabled = true`,
      'us-west.causeway.region = us-west-2',
      `groups = ${this.alias}-.*`,
      'checkpoints.topic.replication.factor = 1',
      'sync.group.offsets.enabled = true',
      ...more,
    ].join('\n');
    const { configuration } = parseConfiguration(text, { file: 'mm2.properties' });
    const [FLOW] = configuration.flows;
    if (FLOW === undefined) throw new Error('no flow');
    return wire({ FLOW, OFFSET_MAP_TABLE: this.#tableName, OFFSET_MAP_REGION: 'us-west-2' });
  }

  group(name: string): string {
    return `${this.alias}-${name}`;
  }

  async commitOnSource(name: string, offset: number, metadata = ''): Promise<void> {
    const offsets = [{ topic: this.topic, partition: 0, offset: targetOffset(offset), metadata }];
    await this.source.commit(new Map([[this.group(name), offsets]]));
  }

  async commitOnTarget(name: string, offset: number): Promise<void> {
    const offsets = [{ topic: this.remoteTopic, partition: 0, offset: targetOffset(offset), metadata: '' }];
    await this.target.commit(new Map([[this.group(name), offsets]]));
  }

  /** Where the group is on the target. */
  async onTarget(name: string): Promise<number | undefined> {
    const told = (await this.target.committed([this.group(name)])).get(this.group(name));
    const committed = told && isTold(told) ? told.get(this.remoteTopic)?.get(0) : undefined;
    return committed && isTold(committed) ? committed.offset : undefined;
  }

  /** `billing 60 to 50`, the newest of each group, and how many records there are. */
  async checkpoints(): Promise<{ readonly latest: readonly string[]; readonly records: number }> {
    const records = await recordsIn(this.west, this.checkpointsTopic);
    const latest = new LatestCheckpoints();
    for (const record of records) latest.read(record);
    const text = [...latest.groups()].flatMap((group) =>
      latest.of(group).map(({ upstreamOffset, downstreamOffset }) => {
        return `${group.slice(this.alias.length + 1)} ${upstreamOffset} to ${downstreamOffset}`;
      }),
    );
    return { latest: text.sort(), records: records.length };
  }

  async #copy(): Promise<void> {
    this.#tableName = await createTable(this.#table);
    const sourceTopicId = await filled(this.east, this.topic, 100);
    const targetTopicId = await filled(this.west, this.remoteTopic, 80);
    const flow = { source: this.alias, target: 'us-west' };
    const { topic, remoteTopic } = this;
    const frontier = { nextSource: sourceOffset(90), nextTarget: targetOffset(80), openRun: run(50, 40, 40) };
    const options = { tableName: this.#tableName };
    await new DynamoDbOffsetMap(this.#table, options).write(
      { flow, topic, remoteTopic, partition: 0, generation: 1 },
      0,
      { head: head(1, { sourceTopicId, targetTopicId, ...frontier }), closed: [run(0, 0, 40)], ledger: [] },
    );
    await new DynamoDbTopicRegistry(this.#table, this.#tableName, flow).write(0, {
      ...{ version: 1, topic, remoteTopic, generation: 1, sourceTopicId, targetTopicId, partitions: 1 },
      ...{ state: 'active', consumerGroup: 'causeway', mappingUuid: undefined, drainedAfter: undefined },
    });
  }
}

async function filled(cluster: KafkaCluster, name: string, records: number): Promise<string> {
  const topic = await createTopic(cluster, { name });
  // kafkajs reads neither lz4 nor zstd.
  const log = logOf(cluster, topic, { codec: 'none' });
  await log.append(await log.initProducer(), 0, recordsFrom(0, records));
  return (await cluster.topic(topic, true)).topicId;
}
