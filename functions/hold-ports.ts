import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDbFlowHold } from '../shared/adapters/dynamodb/flow-hold.ts';
import { DynamoDbOffsetMap } from '../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbTopicRegistry } from '../shared/adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin } from '../shared/adapters/kafka/admin.ts';
import type { KafkaCluster } from '../shared/adapters/kafka/cluster.ts';
import type { AppendSettings } from '../shared/append/context.ts';
import { liftPartition } from '../shared/append/hold.ts';
import type { Clock } from '../shared/append/ports.ts';
import type { FlowId } from '../shared/flow/flow.ts';
import type { HoldPorts } from '../shared/hold/ports.ts';
import { partitionAppenders } from './partition-appenders.ts';

export interface HoldPortsOptions {
  readonly flow: FlowId;
  /** In the flow's target region. */
  readonly table: DynamoDBClient;
  /** The offset map of the flow. */
  readonly tableName: string;
  readonly target: () => Promise<KafkaCluster>;
  readonly clock: Clock;
  /** Those that `replicate` has: `producerExpiryMs`, `latenessBoundMs`. */
  readonly settings: Partial<AppendSettings>;
  /** Names this invocation. */
  readonly invocation: string;
}

/** What holds and lifts a flow, with the flow's target cluster and its offset map alone. */
export function holdPorts({
  flow,
  table,
  tableName,
  target,
  clock,
  settings,
  invocation,
}: HoldPortsOptions): HoldPorts {
  const heads = new DynamoDbOffsetMap(table, { tableName });
  const registry = new DynamoDbTopicRegistry(table, tableName, flow);
  const appenderOf = partitionAppenders({
    heads: {
      read: async (partition) => (await heads.read(partition)) ?? heads.readSettled(partition),
      write: (partition, expected, write) => heads.write(partition, expected, write),
      runsFrom: (partition, from) => heads.runsFrom(partition, from),
    },
    clock,
    settings,
    target,
  });
  return {
    flow,
    holds: new DynamoDbFlowHold(table, tableName, flow),
    topics: async () => (await registry.list()).topics,
    partitionCounts: async () => {
      const topics = await new ClusterAdmin(await target()).listTopics();
      return new Map(topics.map(({ name, partitions }) => [name, partitions]));
    },
    hold: async (partition, item, order, deadline) =>
      (await appenderOf(partition, item, deadline)).hold(order, { deadline, invocation }),
    lift: (partition, generation) => liftPartition(heads, partition, generation),
    now: () => clock.now(),
  };
}
