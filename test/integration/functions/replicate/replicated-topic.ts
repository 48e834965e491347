import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import kafkajs from 'kafkajs';
import { inject } from 'vitest';
import { awsEnvironment } from '../../../../local/region/addresses.ts';
import { DynamoDbTopicRegistry } from '../../../../shared/adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin } from '../../../../shared/adapters/kafka/admin.ts';
import type { KafkaCluster } from '../../../../shared/adapters/kafka/cluster.ts';
import { packVariable } from '../../../../shared/adapters/lambda/packed-variable.ts';
import { encodeFlow } from '../../../../shared/config/flow-json.ts';
import { parseConfiguration } from '../../../../shared/config/parse-configuration.ts';
import type { KafkaRecord } from '../../../../shared/records/record.ts';
import * as dynamodb from '../../dynamodb/table.ts';
import { connect, eventually, logOf, recordsFrom, uniqueName } from '../../kafka/target.ts';

const { ConfigResourceTypes, Kafka, logLevel } = kafkajs;
export const FLOW = { source: 'us-east', target: 'us-west' };
const { clusters, awsEndpoint = '' } = inject('regions');
const [sourceServers = '', targetServers = ''] = clusters.map(({ bootstrapServers }) => bootstrapServers);

export const source: KafkaCluster = connect(sourceServers);
export const target: KafkaCluster = connect(targetServers);
export const table: DynamoDBClient = dynamodb.connect(awsEndpoint);
export const tableName: string = await dynamodb.createTable(table);

/** Lines of a configuration file for the target cluster. */
export function variables(targetLines = `us-west.bootstrap.servers = ${targetServers}`): Record<string, string> {
  const text = `clusters = us-east, us-west
us-east.bootstrap.servers = ${sourceServers}
us-east.causeway.region = us-east-1
${targetLines}
us-west.causeway.region = us-west-2
us-east->us-west.enabled = true
us-east->us-west.topics = .*
`;
  const [flow] = parseConfiguration(text, { file: 'mm2.properties' }).configuration.flows;
  if (!flow) throw new Error('no flow');
  return {
    ...awsEnvironment(awsEndpoint, 'us-east-1'),
    FLOW: packVariable(encodeFlow(flow)),
    OFFSET_MAP_TABLE: tableName,
    OFFSET_MAP_REGION: 'us-west-2',
  };
}

type Configs = Readonly<Record<string, string>>;

/** A topic on both sides, opened as `reconcile` opens it, with records in the source. */
export class ReplicatedTopic {
  readonly name: string;
  readonly remoteName: string;

  private constructor(name: string) {
    this.name = name;
    this.remoteName = `us-east.${name}`;
  }

  static async create(partitions: number, configs: { readonly source?: Configs } = {}): Promise<ReplicatedTopic> {
    const topic = new ReplicatedTopic(uniqueName('orders'));
    const { name, remoteName } = topic;
    const [sourceTopicId, targetTopicId] = await Promise.all([
      new ClusterAdmin(source).createTopic({
        name,
        partitions,
        replicationFactor: -1,
        configs: configs.source ?? {},
      }),
      new ClusterAdmin(target).createTopic({ name: remoteName, partitions, replicationFactor: -1 }),
    ]);
    const registry = new DynamoDbTopicRegistry(table, tableName, FLOW);
    await registry.write(0, {
      version: 1,
      topic: name,
      remoteTopic: remoteName,
      generation: 1,
      sourceTopicId,
      targetTopicId,
      partitions,
      state: 'active',
      consumerGroup: `causeway.us-east.us-west.${name}.g1`,
      mappingUuid: undefined,
      drainedAfter: undefined,
    });
    return topic;
  }

  /** Produces records to the source, and gives them as Lambda would deliver them. */
  async produce(
    partition: number,
    count: number,
    change: (record: KafkaRecord) => KafkaRecord = (record) => record,
  ): Promise<KafkaRecord[]> {
    const records = recordsFrom(0, count).map((record) => change({ ...record, topic: this.name, partition }));
    const log = logOf(source, this.name, { partition, transactionalId: `application-${this.name}-${partition}` });
    const producer = await log.initProducer();
    // Brokers may not have heard of a new topic yet.
    await eventually(
      () => log.append(producer, 0, records),
      ({ kind }) => kind === 'appended',
    );
    return records;
  }

  async setRemote(configs: Configs): Promise<void> {
    const admin = new Kafka({ brokers: targetServers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
    const topic = { type: ConfigResourceTypes.TOPIC, name: this.remoteName, configEntries };
    await admin.alterConfigs({ validateOnly: false, resources: [topic] });
    await admin.disconnect();
  }

  /** Log ends of the remote topic, by partition. */
  async ends(partitions: number): Promise<number[]> {
    const asked = Array.from({ length: partitions }, (_, partition) => ({ topic: this.remoteName, partition }));
    const ends = await new ClusterAdmin(target).logEnds(asked);
    return asked.map(({ topic, partition }) => ends.get(`${topic}-${partition}`) ?? -1);
  }
}

export function eventOf(...deliveries: readonly (readonly unknown[])[]): object {
  return eventOfGroups(
    Object.fromEntries(
      deliveries.map((records) => {
        const { topic, partition } = records[0] as KafkaRecord;
        return [`${topic}-${partition}`, records];
      }),
    ),
  );
}

export function eventOfGroups(records: Readonly<Record<string, unknown>>): object {
  return {
    eventSource: 'aws:kafka',
    eventSourceArn: 'arn:aws:kafka:us-east-1:000000000000:cluster/us-east/1',
    records,
  };
}

/** `orders-0: 3 4 5` of each partition that an answer reports. */
export function reported(response: Answered): Record<string, number[]> {
  const offsets: Record<string, number[]> = {};
  for (const { itemIdentifier } of response?.batchItemFailures ?? []) {
    offsets[itemIdentifier.partition] = [...(offsets[itemIdentifier.partition] ?? []), itemIdentifier.offset];
  }
  return offsets;
}

type Answered =
  | { readonly batchItemFailures: readonly { readonly itemIdentifier: { partition: string; offset: number } }[] }
  | undefined;
