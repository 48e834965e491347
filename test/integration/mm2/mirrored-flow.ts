import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { wire as wireCheckpoint } from '../../../functions/checkpoint/wiring.ts';
import { wire as wireHeartbeat } from '../../../functions/heartbeat/wiring.ts';
import { awsEnvironment } from '../../../local/region/addresses.ts';
import { DynamoDbTopicRegistry } from '../../../shared/adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import { ConsumerGroups } from '../../../shared/adapters/kafka/groups/consumer-groups.ts';
import { packVariable } from '../../../shared/adapters/lambda/packed-variable.ts';
import { encodeFlow } from '../../../shared/config/flow-json.ts';
import type { Flow } from '../../../shared/config/flow-schema.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import { targetOffset } from '../../../shared/flow/offset.ts';
import type { PulseObserver } from '../../../shared/heartbeat/pulse.ts';
import type { DecodedRecord } from '../../../shared/records/decode.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { createTable } from '../dynamodb/table.ts';
import { ExecutionEnvironment } from '../functions/replicate/execution-environment.ts';
import { connect, recordsIn, uniqueName } from '../kafka/target.ts';
import { produce } from './application.ts';

const OFFSET_MAP_REGION = 'us-west-2';
const HEARTBEATS = 'heartbeats';
const RECORDS_A_DELIVERY = 25;
const { clusters, awsEndpoint = '' } = inject('regions');
const [sourceServers = '', targetServers = ''] = clusters.map(({ bootstrapServers }) => bootstrapServers);
Object.assign(process.env, awsEnvironment(awsEndpoint, OFFSET_MAP_REGION));

/** `offset.lag.max`, records; MirrorMaker 2's 100 would take longer to show anything. */
export const OFFSET_LAG_MAX = 10;

/** A record's offset on either side: the same record, by its value. */
export interface Copied {
  readonly source: number;
  readonly target: number;
}

/**
 * A flow between two clusters under aliases of its own, all of whose records Causeway's functions write, made from a
 * configuration as a deployment's are. Topics have one partition.
 */
export class MirroredFlow implements AsyncDisposable {
  readonly alias = uniqueName('us-east');
  readonly targetAlias = uniqueName('us-west');
  readonly servers = { source: sourceServers, target: targetServers };
  readonly #location: 'source' | 'target';
  readonly #source = connect(sourceServers, { alias: 'us-east' });
  readonly #target = connect(targetServers);
  readonly #dynamoDb = new DynamoDBClient({ region: OFFSET_MAP_REGION });
  readonly #tableName: string;
  readonly #replicate: ExecutionEnvironment;

  private constructor(location: 'source' | 'target', tableName: string) {
    this.#location = location;
    this.#tableName = tableName;
    this.#replicate = new ExecutionEnvironment({
      ...awsEnvironment(awsEndpoint, 'us-east-1'),
      ...this.#offsetMap,
      FLOW: packVariable(encodeFlow(this.#pair(this.alias))),
    });
  }

  static async start(location: 'source' | 'target'): Promise<MirroredFlow> {
    const dynamoDb = new DynamoDBClient({ region: OFFSET_MAP_REGION });
    const tableName = await createTable(dynamoDb);
    dynamoDb.destroy();
    return new MirroredFlow(location, tableName);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#replicate[Symbol.asyncDispose](), this.#source.close(), this.#target.close()]);
    this.#dynamoDb.destroy();
  }

  get offsetSyncsTopic(): string {
    return `mm2-offset-syncs.${this.#location === 'source' ? this.targetAlias : this.alias}.internal`;
  }

  get checkpointsTopic(): string {
    return `${this.alias}.checkpoints.internal`;
  }

  remote(topic: string): string {
    return `${this.alias}.${topic}`;
  }

  group(name: string): string {
    return `${this.alias}-${name}`;
  }

  /** As MirrorMaker 2's connectors are configured for this flow. */
  get connectorProperties(): Readonly<Record<string, string>> {
    return {
      name: 'MirrorCheckpointConnector',
      'connector.class': 'org.apache.kafka.connect.mirror.MirrorCheckpointConnector',
      'source.cluster.alias': this.alias,
      'target.cluster.alias': this.targetAlias,
      'source.cluster.bootstrap.servers': sourceServers,
      'target.cluster.bootstrap.servers': targetServers,
      'offset-syncs.topic.location': this.#location,
    };
  }

  /**
   * A topic with so many records on the source, copied by `replicate` in several deliveries.
   * @param inTransactions each of so many records: its marker takes an offset, and the copy has none
   */
  async copyTopic(topic: string, count: number, inTransactions?: number): Promise<void> {
    await new ClusterAdmin(this.#source).createTopic({ name: topic, partitions: 1, replicationFactor: -1 });
    await produce(sourceServers, topic, count, inTransactions);
    await this.#copy(topic);
  }

  /**
   * The heartbeats of the opposite pair, which go to the source, copied like any other topic.
   * @returns how many were written, and how many copied: the topic may have those of others, too
   */
  async copyHeartbeats(): Promise<{ readonly written: number; readonly copied: number }> {
    const { pulse } = wireHeartbeat({
      ...this.#offsetMap,
      REGISTRY_TABLE: 'none',
      FLOW: this.#pair(this.targetAlias),
    });
    const failures: unknown[] = [];
    let written = 0;
    const observer: PulseObserver = {
      written: () => written++,
      failed: (error) => failures.push(error),
      arrived: () => {},
      age: () => {},
      arrivalsUnreadable: () => {},
      probed: () => {},
      sampled: () => {},
      unanswered: () => {},
      endsWritten: () => {},
      endsFailed: () => {},
    };
    await pulse.run(Date.now() + 1_500, observer);
    if (failures.length > 0) throw failures[0];
    return { written, copied: await this.#copy(HEARTBEATS) };
  }

  async commitOnSource(name: string, topic: string, offset: number, metadata: string): Promise<void> {
    const groups = new ConsumerGroups<number>(this.#source, { toOffset: Number });
    const offsets = [{ topic, partition: 0, offset: targetOffset(offset), metadata }];
    await groups.commit(new Map([[this.group(name), offsets]]));
  }

  /** One tick of `checkpoint`, which knows nothing yet. */
  async carryGroupsOver(): Promise<void> {
    const { ticker } = wireCheckpoint({ ...this.#offsetMap, FLOW: this.#pair(this.alias) });
    const { errors, sourceError } = await ticker.tick();
    if (sourceError !== undefined || errors.length > 0) throw sourceError ?? errors[0];
  }

  async copied(topic: string): Promise<readonly Copied[]> {
    const targets = new Map(
      (await recordsIn(this.#target, this.remote(topic))).map(({ offset, value }) => [String(value), offset]),
    );
    return (await recordsIn(this.#source, topic)).map(({ offset, value }) => {
      const target = targets.get(String(value));
      if (target === undefined) throw new Error(`${topic}: the record at ${offset} was not copied`);
      return { source: offset, target };
    });
  }

  /** How many offset syncs there are. */
  async offsetSyncs(): Promise<number> {
    const cluster = this.#location === 'source' ? this.#source : this.#target;
    return (await recordsIn(cluster, this.offsetSyncsTopic)).length;
  }

  get #offsetMap() {
    return { OFFSET_MAP_TABLE: this.#tableName, OFFSET_MAP_REGION };
  }

  /** The pair of clusters that begins at `alias`. */
  #pair(alias: string): Flow {
    const text = [
      `clusters = ${this.alias}, ${this.targetAlias}`,
      `${this.alias}.bootstrap.servers = ${sourceServers}`,
      `${this.alias}.causeway.region = us-east-1`,
      `${this.targetAlias}.bootstrap.servers = ${targetServers}`,
      `${this.targetAlias}.causeway.region = ${OFFSET_MAP_REGION}`,
      `${this.alias}->${this.targetAlias}.enabled = true`,
      `groups = ${this.alias}-.*`,
      'emit.offset-syncs.enabled = true',
      `offset-syncs.topic.location = ${this.#location}`,
      `offset.lag.max = ${OFFSET_LAG_MAX}`,
      'offset-syncs.topic.replication.factor = 1',
      'checkpoints.topic.replication.factor = 1',
      'heartbeats.topic.replication.factor = 1',
    ].join('\n');
    const { flows } = parseConfiguration(text, { file: 'mm2.properties' }).configuration;
    const found = flows.find(({ source }) => source.alias === alias);
    if (found === undefined) throw new Error(`no pair begins at ${alias}`);
    return found;
  }

  /** What `reconcile` does for a topic that it finds, and then what Lambda's pollers do. @returns how many records */
  async #copy(topic: string): Promise<number> {
    const remoteTopic = this.remote(topic);
    const { topicId: sourceTopicId } = await this.#source.topic(topic, true);
    const remote = { name: remoteTopic, partitions: 1, replicationFactor: -1 };
    const targetTopicId = await new ClusterAdmin(this.#target).createTopic(remote);
    const flow = { source: this.alias, target: this.targetAlias };
    await new DynamoDbTopicRegistry(this.#dynamoDb, this.#tableName, flow).write(0, {
      ...{ version: 1, topic, remoteTopic, generation: 1, sourceTopicId, targetTopicId, partitions: 1 },
      ...{ state: 'active', consumerGroup: `causeway.${this.alias}.${topic}`, mappingUuid: undefined },
      drainedAfter: undefined,
    });
    const records = (await recordsIn(this.#source, topic)).map((record) => delivered(topic, record));
    for (let from = 0; from < records.length; from += RECORDS_A_DELIVERY) {
      const delivery = { [`${topic}-0`]: records.slice(from, from + RECORDS_A_DELIVERY) };
      const { response, log, metrics } = await this.#replicate.invoke({ eventSource: 'aws:kafka', records: delivery });
      const lost = metrics.some(({ OffsetSyncsLost }) => OffsetSyncsLost !== undefined);
      if (response?.batchItemFailures.length !== 0 || lost) throw new Error(`${topic}: ${JSON.stringify(log)}`);
    }
    return records.length;
  }
}

/** A record without headers as Lambda's poller puts it into an event. */
function delivered(topic: string, { offset, timestamp, key, value }: DecodedRecord): KafkaRecord {
  const text = { key: key?.toString('base64') ?? null, value: value?.toString('base64') ?? null };
  return { topic, partition: 0, offset, timestamp, timestampType: 'CREATE_TIME', headers: [], ...text };
}
