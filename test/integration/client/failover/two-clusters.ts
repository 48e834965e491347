import kafkajs, { type Kafka } from 'kafkajs';
import { inject } from 'vitest';
import { createTopics as createWithLeaders } from '../../../../local/region/create-topics.ts';
import { readLog } from '../../../../shared/adapters/kafka/read-log.ts';
import { KafkaJsConnection } from '../../../../shared/client/kafkajs/connection.ts';
import { KafkaJsGroups } from '../../../../shared/client/kafkajs/kafkajs-groups.ts';
import { type DecodedRecord, decodeBatches } from '../../../../shared/records/decode.ts';
import { connect, eventually } from '../../kafka/target.ts';

export const PARTITIONS = 3;

const { logLevel } = kafkajs;
const { clusters } = inject('regions');
const servers = { 'us-east': clusters[0]?.bootstrapServers ?? '', 'us-west': clusters[1]?.bootstrapServers ?? '' };

export type Alias = keyof typeof servers;

export function configOf(alias: Alias) {
  return { brokers: servers[alias].split(','), logLevel: logLevel.NOTHING };
}

export function kafkaOf(alias: Alias): Kafka {
  return new kafkajs.Kafka(configOf(alias));
}

export async function createTopics(alias: Alias, ...names: readonly string[]): Promise<void> {
  const admin = kafkaOf(alias).admin();
  await admin.connect();
  const topics = names.map((topic) => ({ topic, numPartitions: PARTITIONS, replicationFactor: 1 }));
  await createWithLeaders(admin, topics);
  await admin.disconnect();
}

/** All partitions, each in the order of its log. */
export async function recordsIn(alias: Alias, topic: string): Promise<readonly (readonly DecodedRecord[])[]> {
  const cluster = connect(servers[alias], { alias });
  const logs: DecodedRecord[][] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const records: DecodedRecord[] = [];
    for await (const { log } of readLog(cluster, { topic, partition, signal: undefined }, 0))
      for (const batch of decodeBatches(log)) if (!batch.header.control) records.push(...batch.records);
    logs.push(records);
  }
  await cluster.close();
  return logs;
}

/** What a flow does, for topics that are copied whole: offsets on both sides are the same. */
export async function copyTopic(from: Alias, topic: string, to: Alias, remoteTopic: string): Promise<void> {
  const producer = kafkaOf(to).producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const copied = await recordsIn(to, remoteTopic);
  for (const [partition, records] of (await recordsIn(from, topic)).entries()) {
    const rest = records.slice(copied[partition]?.length ?? 0);
    const messages = rest.map(({ key, value }) => ({
      partition,
      key: key && Buffer.from(key),
      value: value && Buffer.from(value),
    }));
    if (messages.length > 0) await producer.send({ topic: remoteTopic, messages });
  }
  await producer.disconnect();
}

/** By partition; undefined: the group has none. */
export async function committed(alias: Alias, group: string, topic: string): Promise<readonly (number | undefined)[]> {
  const connection = new KafkaJsConnection(kafkaOf(alias));
  const told = (await new KafkaJsGroups(connection).committed([group])).get(group);
  await connection.close();
  const offsets = told instanceof Map ? told.get(topic) : undefined;
  return Array.from({ length: PARTITIONS }, (_, partition) => offsets?.get(partition)?.offset);
}

/** What a runbook does for copies whose offsets are the same: the group is to be empty there. */
export async function moveGroup(
  from: Alias,
  topic: string,
  to: Alias,
  remoteTopic: string,
  group: string,
): Promise<void> {
  const offsets = await committed(from, group, topic);
  const partitions = offsets.flatMap((offset, partition) =>
    offset === undefined ? [] : [{ partition, offset: String(offset) }],
  );
  const commit = async () => {
    const connection = new KafkaJsConnection(kafkaOf(to));
    const coordinator = await (await connection.cluster()).findGroupCoordinator({ groupId: group });
    const topics = [{ topic: remoteTopic, partitions }];
    const isDone = await coordinator
      .offsetCommit({ groupId: group, groupGenerationId: -1, memberId: '', topics })
      .then(() => true)
      // On a cluster that has had no group yet no broker coordinates any.
      .catch((error: unknown) => error instanceof kafkajs.KafkaJSProtocolError && !error.retriable);
    await connection.close();
    return isDone;
  };
  await eventually(commit, (isDone) => isDone);
}
