import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { localCredentials } from '../../../local/region/addresses.ts';
import { createTopics } from '../../../local/region/create-topics.ts';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { decodeTopicItem } from '../../../shared/adapters/dynamodb/topic-item.ts';
import { DynamoDbTopicRegistry } from '../../../shared/adapters/dynamodb/topic-registry.ts';
import type { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { type OpenTranslator, openTranslator } from '../../../shared/client/translate/open.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { encodeCheckpoint } from '../../../shared/mm2/checkpoint.ts';
import { connect as connectTable, createTable, head, run } from '../dynamodb/table.ts';
import { connect, createTopic, logOf, recordsFrom, uniqueName } from '../kafka/target.ts';

const { Kafka, logLevel } = kafkajs;
const { clusters, awsEndpoint = '' } = inject('regions');
const [eastServers = '', westServers = ''] = clusters.map(({ bootstrapServers }) => bootstrapServers);
const [east, west] = [connect(eastServers, { alias: 'us-east' }), connect(westServers)];
const kafkaOf = (servers: string) => new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING });
const table = connectTable(awsEndpoint);
/** Aliases of its own, so that the checkpoints topic is. */
const flow = { source: uniqueName('east'), target: 'us-west' };
const topic = uniqueName('orders');
const remoteTopic = `${flow.source}.${topic}`;
const groups = { behind: 45, 'caught-up': 90, ahead: 95 };

let tableName: string;
let open: OpenTranslator;

/** 100 records on the source, of which 0-39 and 50-89 are copied to 0-39 and 40-79; nothing past 90 yet. */
beforeAll(async () => {
  const [sourceTopicId, targetTopicId] = [await filled(east, topic, 100), await filled(west, remoteTopic, 80)];
  tableName = await createTable(table);
  const partition = { flow, topic, remoteTopic, partition: 0, generation: 1 };
  const frontier = { nextSource: sourceOffset(90), nextTarget: targetOffset(80), openRun: run(50, 40, 40) };
  await new DynamoDbOffsetMap(table, { tableName }).write(partition, 0, {
    head: head(1, { sourceTopicId, targetTopicId, ...frontier }),
    closed: [run(0, 0, 40)],
    ledger: [],
  });
  const item = { version: 1, topic, remoteTopic, generation: 1, sourceTopicId, targetTopicId, partitions: 2 };
  const registry = new DynamoDbTopicRegistry(table, tableName, flow);
  await registry.write(0, decodeTopicItem({ ...item, state: 'active', consumerGroup: 'causeway' }));
  await commit(eastServers, topic, groups);
  await commit(westServers, remoteTopic, { behind: 40 });
  const client = { endpoint: awsEndpoint, credentials: localCredentials };
  const offsetMap = { region: 'us-west-2', tableName, client };
  open = openTranslator({ flow, offsetMap, source: kafkaOf(eastServers), target: kafkaOf(westServers) });
});
afterAll(async () => {
  await Promise.all([open?.close(), east.close(), west.close()]);
  table.destroy();
});

async function filled(cluster: KafkaCluster, name: string, records: number): Promise<string> {
  await createTopic(cluster, { name });
  const log = logOf(cluster, name);
  await log.append(await log.initProducer(), 0, recordsFrom(0, records));
  return (await cluster.topic(name, true)).topicId;
}

async function commit(servers: string, name: string, offsets: Readonly<Record<string, number>>): Promise<void> {
  const admin = kafkaOf(servers).admin();
  await admin.connect();
  for (const [group, offset] of Object.entries(offsets))
    await admin.setOffsets({
      groupId: `${topic}.${group}`,
      topic: name,
      partitions: [{ partition: 0, offset: String(offset) }],
    });
  await admin.disconnect();
}

describe('a translator over real clusters and a real table', () => {
  test.each([
    [0, 0],
    [39, 39],
    [45, 40],
    [89, 79],
    [90, 80],
  ])('takes source offset %i to target offset %i, and knows each way', async (source, target) => {
    const { translator } = open;

    expect(await translator.translateOffset({ topic, partition: 0 }, source)).toMatchObject({
      to: { cluster: 'us-west', topic: remoteTopic, partition: 0, offset: target },
      exact: true,
    });
    const back = await translator.translateOffset({ topic: remoteTopic, partition: 0 }, target, 'backward');
    expect(back.to.offset).toBe(source === 45 ? 50 : source);
  });

  test('says that an offset past both ends is out of range, and one between them is ahead of the copy', async () => {
    const { translator } = open;

    expect(await translator.translateOffset({ topic, partition: 0 }, 100)).toMatchObject({
      to: { offset: 80 },
      exact: false,
      beyond: 10,
    });
    for (const [name, direction] of [
      [topic, 'forward'],
      [remoteTopic, 'backward'],
    ] as const)
      await expect(translator.translateOffset({ topic: name, partition: 0 }, 101, direction)).rejects.toMatchObject({
        code: 'OUT_OF_RANGE',
        nearest: { source: 90, target: 80 },
      });
  });

  test('translates groups both ways', async () => {
    const { translator } = open;
    const found = await Promise.all(Object.keys(groups).map((name) => translator.translateGroup(`${topic}.${name}`)));

    expect(found.map(({ partitions }) => partitions.map(({ to, beyond }) => [to.offset, beyond]))).toEqual([
      [[40, 0]],
      [[80, 0]],
      [[80, 5]],
    ]);
    const back = await translator.translateGroup(`${topic}.behind`, 'backward');
    expect(back.partitions.map(({ from, to }) => [from.offset, to.offset])).toEqual([[40, 50]]);
    await expect(translator.translateGroup(`${topic}.nobody`)).rejects.toMatchObject({ code: 'UNKNOWN_GROUP' });
  });

  test('takes the last checkpoints while no broker of the source answers', async () => {
    const producer = kafkaOf(westServers).producer();
    const admin = kafkaOf(westServers).admin();
    await Promise.all([producer.connect(), admin.connect()]);
    const checkpoints = `${flow.source}.checkpoints.internal`;
    await createTopics(admin, [{ topic: checkpoints, numPartitions: 1 }]);
    const place = { group: `${topic}.behind`, topic: remoteTopic, partition: 0, metadata: '' };
    const messages = [20, 30].map((offset, i) => ({
      ...encodeCheckpoint({ ...place, upstreamOffset: sourceOffset(offset), downstreamOffset: targetOffset(offset) }),
      timestamp: String(1_700_000_000_000 + i),
    }));
    await producer.send({ topic: checkpoints, messages });
    await Promise.all([producer.disconnect(), admin.disconnect()]);
    const nobody = new Kafka({ brokers: ['127.0.0.1:9'], retry: { retries: 0 }, logLevel: logLevel.NOTHING });
    const client = { endpoint: awsEndpoint, credentials: localCredentials };
    await using lost = openTranslator({
      ...{ flow, source: nobody, target: kafkaOf(westServers) },
      offsetMap: { region: 'us-west-2', tableName, client },
    });

    const found = await lost.translator.translateGroup(`${topic}.behind`);

    expect(found.partitions.map(({ from, to }) => [from.offset, to.offset])).toEqual([[30, 30]]);
    expect(found.offsetsFrom).toMatchObject({ kind: 'checkpoints', at: 1_700_000_000_001 });
  });
});
