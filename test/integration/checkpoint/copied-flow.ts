import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import kafkajs from 'kafkajs';
import { inject } from 'vitest';
import { wire } from '../../../functions/checkpoint/wiring.ts';
import { localCredentials } from '../../../local/region/addresses.ts';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { partitionKey, runKey } from '../../../shared/adapters/dynamodb/keys.ts';
import { DynamoDbTopicRegistry } from '../../../shared/adapters/dynamodb/topic-registry.ts';
import type { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { ConsumerGroups } from '../../../shared/adapters/kafka/groups/consumer-groups.ts';
import type { TickReport } from '../../../shared/checkpoint/ticker.ts';
import { type OpenTranslator, openTranslator } from '../../../shared/client/translate.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import type { FlowId, FlowPartition } from '../../../shared/flow/flow.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { isTold } from '../../../shared/groups/committed-offsets.ts';
import type { OffsetToCommit } from '../../../shared/groups/ports.ts';
import { LatestCheckpoints } from '../../../shared/mm2/latest-checkpoints.ts';
import { connect as connectTable, createTable, head, run } from '../dynamodb/table.ts';
import { connect, createTopic, eventually, logOf, recordsFrom, recordsIn, uniqueName } from '../kafka/target.ts';
import { cutByRetention } from '../translation/gaps.ts';

const { Kafka, logLevel } = kafkajs;
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

  /** A translator as an application has it. */
  translator(): OpenTranslator {
    const kafkaOf = (servers: string) => ({ brokers: servers.split(','), logLevel: logLevel.NOTHING });
    const client = { endpoint: awsEndpoint, credentials: localCredentials };
    return openTranslator({
      flow: this.#id,
      offsetMap: { region: 'us-west-2', tableName: this.#tableName, client },
      source: kafkaOf(this.eastServers),
      target: kafkaOf(westServers),
    });
  }

  /** The time of the closed run, 0-39, is over. */
  async expireClosedRun(): Promise<void> {
    await this.#table.send(
      new UpdateItemCommand({
        TableName: this.#tableName,
        Key: { pk: { S: partitionKey(this.#partition) }, sk: { S: runKey(0) } },
        UpdateExpression: 'SET expiresAt = :past',
        ExpressionAttributeValues: { ':past': { N: '1700000000' } },
      }),
    );
  }

  /** Retention moves the start of a log. */
  async cut(side: 'source' | 'target', logStart: number): Promise<void> {
    const { cluster, topic } = this.#on(side);
    await cutByRetention(cluster, { topic, partition: 0 }, logStart);
  }

  async deleteTopic(side: 'source' | 'target'): Promise<void> {
    const { cluster, servers, topic } = this.#on(side);
    const admin = new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
    await eventually(
      async () => (await cluster.metadata([topic])).topics.size,
      (size) => size === 0,
    );
  }

  /** The topic is deleted, and there is another one of its name with as many records. */
  async makeAnew(side: 'source' | 'target'): Promise<void> {
    await this.deleteTopic(side);
    const { cluster, topic } = this.#on(side);
    await filled(cluster, topic, 100);
  }

  group(name: string): string {
    return `${this.alias}-${name}`;
  }

  async commitOnSource(name: string, offset: number, metadata = ''): Promise<void> {
    const offsets = [{ topic: this.topic, partition: 0, offset: targetOffset(offset), metadata }];
    await untilCommitted(this.source, this.group(name), offsets);
  }

  async commitOnTarget(name: string, offset: number): Promise<void> {
    const offsets = [{ topic: this.remoteTopic, partition: 0, offset: targetOffset(offset), metadata: '' }];
    await untilCommitted(this.target, this.group(name), offsets);
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

  get #id(): FlowId {
    return { source: this.alias, target: 'us-west' };
  }

  get #partition(): FlowPartition {
    return { flow: this.#id, topic: this.topic, remoteTopic: this.remoteTopic, partition: 0, generation: 1 };
  }

  #on(side: 'source' | 'target') {
    return side === 'source'
      ? { cluster: this.east, servers: this.eastServers, topic: this.topic }
      : { cluster: this.west, servers: westServers, topic: this.remoteTopic };
  }

  async #copy(): Promise<void> {
    this.#tableName = await createTable(this.#table);
    const sourceTopicId = await filled(this.east, this.topic, 100);
    const targetTopicId = await filled(this.west, this.remoteTopic, 80);
    const { topic, remoteTopic } = this;
    const frontier = { nextSource: sourceOffset(90), nextTarget: targetOffset(80), openRun: run(50, 40, 40) };
    const options = { tableName: this.#tableName };
    await new DynamoDbOffsetMap(this.#table, options).write(this.#partition, 0, {
      head: head(1, { sourceTopicId, targetTopicId, ...frontier }),
      closed: [run(0, 0, 40)],
      ledger: [],
    });
    await new DynamoDbTopicRegistry(this.#table, this.#tableName, this.#id).write(0, {
      ...{ version: 1, topic, remoteTopic, generation: 1, sourceTopicId, targetTopicId, partitions: 1 },
      ...{ state: 'active', consumerGroup: 'causeway', mappingUuid: undefined, drainedAfter: undefined },
    });
  }
}

/** On a cluster without any group it takes a while until a broker coordinates groups. */
async function untilCommitted(
  groups: ConsumerGroups<number>,
  group: string,
  offsets: readonly OffsetToCommit[],
): Promise<void> {
  await eventually(
    async () => JSON.stringify((await groups.commit(new Map([[group, offsets]]))).get(group)),
    (outcomes) => outcomes === JSON.stringify(offsets.map(() => ({ kind: 'committed' }))),
    60_000,
  );
}

async function filled(cluster: KafkaCluster, name: string, records: number): Promise<string> {
  const topic = await createTopic(cluster, { name });
  // kafkajs reads neither lz4 nor zstd.
  const log = logOf(cluster, topic, { codec: 'none' });
  await log.append(await log.initProducer(), 0, recordsFrom(0, records));
  return (await cluster.topic(topic, true)).topicId;
}

/** `billing: none to 50`, `ahead: ahead-on-target` */
export function inWords(flow: CopiedFlow, { plans }: TickReport): string[] {
  return plans.flatMap(({ group, partitions }) =>
    partitions.map(({ decision }) => {
      const what = decision.kind === 'commit' ? `${decision.before ?? 'none'} to ${decision.offset}` : decision.reason;
      return `${group.slice(flow.alias.length + 1)}: ${what}`;
    }),
  );
}
