import { clusterArn } from '../../../local/region/addresses.ts';
import { DynamoDbTopicRegistry } from '../../../shared/adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import type { Flow } from '../../../shared/config/flow-schema.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import type { FlowId, FlowPartition } from '../../../shared/flow/flow.ts';
import { consumerGroup } from '../../../shared/reconcile/consumer-group.ts';
import { EventSource } from './event-source.ts';
import type { Parts, Region } from './parts.ts';
import { Replicator } from './replicator.ts';

export const PARTITIONS = 2;

/** A cluster of the pair, under an alias that no other test uses. */
export interface Site extends Region {
  readonly alias: string;
}

/** One of the two flows. */
export interface PairFlow {
  readonly id: FlowId;
  readonly from: Site;
  readonly to: Site;
  /** ARN of its function `replicate`. */
  readonly replicate: string;
  readonly source: EventSource;
  readonly partitions: readonly FlowPartition[];
}

/** Where brokers listen, as the function `runbook` is told. */
export interface Servers {
  readonly east: string;
  readonly west: string;
}

export function flowsOf([east, west]: readonly [Site, Site], servers: Servers): readonly [Flow, Flow] {
  const text = [
    `clusters = ${east.alias}, ${west.alias}`,
    `${east.alias}.bootstrap.servers = ${servers.east}`,
    `${west.alias}.bootstrap.servers = ${servers.west}`,
    `${east.alias}.causeway.region = ${east.region}`,
    `${west.alias}.causeway.region = ${west.region}`,
    `${east.alias}->${west.alias}.enabled = true`,
    `${west.alias}->${east.alias}.enabled = true`,
    `topics = ${topicOf(east, west)}.*`,
    `groups = ${east.alias}-.*`,
    'causeway.watch.lag.seconds = 1',
    'replication.factor = 1',
    'checkpoints.topic.replication.factor = 1',
  ].join('\n');
  const { flows } = parseConfiguration(text, { file: 'mm2.properties' }).configuration;
  const [there, back] = flows;
  if (there === undefined || back === undefined) throw new Error('there are not two flows');
  return there.source.alias === east.alias ? [there, back] : [back, there];
}

/** The clusters are shared with all other pairs. */
export function topicOf(east: Site, west: Site): string {
  return `orders-${east.alias}-${west.alias}`;
}

/** Those that `from` has of its own, and their copies at `to`. */
export function topicsOf(topic: string, from: Site, to: Site): Promise<unknown>[] {
  const own = { name: topic, partitions: PARTITIONS, replicationFactor: 1 };
  const copies = [
    { ...own, name: `${from.alias}.${topic}` },
    { name: `${from.alias}.heartbeats`, partitions: 1, replicationFactor: 1 },
  ];
  return [
    new ClusterAdmin(from.cluster).createTopic(own),
    ...copies.map((each) => new ClusterAdmin(to.cluster).createTopic(each)),
  ];
}

export function replicateEnvironment({ offsetMap, region }: Site) {
  return { OFFSET_MAP_TABLE: offsetMap, OFFSET_MAP_REGION: region, TWO_WAY: false };
}

/** What `reconcile` does for a topic: notes it, and makes its mapping. */
export async function openFlow(parts: Parts, FLOW: Flow, topic: string, from: Site, to: Site): Promise<PairFlow> {
  const id = { source: from.alias, target: to.alias };
  const remoteTopic = `${from.alias}.${topic}`;
  const [source, target] = await Promise.all([from.cluster.topic(topic, true), to.cluster.topic(remoteTopic, true)]);
  const group = consumerGroup(id, topic, 1);
  await new DynamoDbTopicRegistry(parts.dynamoDb.client, to.offsetMap, id).write(0, {
    ...{ version: 1, topic, remoteTopic, generation: 1, partitions: PARTITIONS, state: 'active' },
    ...{ sourceTopicId: source.topicId, targetTopicId: target.topicId, consumerGroup: group },
    ...{ mappingUuid: undefined, drainedAfter: undefined },
  });
  const eventSource = new EventSource({
    ...{ topic, partitions: PARTITIONS, consumerGroup: group, source: from.cluster },
    clusterArn: clusterArn(from.alias, from.region),
    replicator: await Replicator.open({ ...replicateEnvironment(to), FLOW }),
  });
  const replicate = `arn:aws:lambda:${from.region}:000000000000:function:causeway-${from.alias}-replicate`;
  parts.services.sources.set(replicate, [eventSource]);
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => {
    return { flow: id, topic, remoteTopic, partition, generation: 1 };
  });
  return { id, from, to, replicate, source: eventSource, partitions };
}
