import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTopics } from '../../../local/region/create-topics.ts';
import { offerCodecs } from '../../../shared/client/kafkajs/codecs.ts';
import { openMirrorClient, remoteClusterUtils } from '../../../shared/client/kafkajs/open.ts';
import { checkpoint as logged } from '../../unit/client/topics.ts';
import { uniqueName } from '../kafka/target.ts';
import { mirrorMakerForTests } from '../mm2/mirror-maker.ts';

const { CompressionTypes, Kafka, logLevel } = kafkajs;
const bootstrapServers = inject('regions').clusters[1]?.bootstrapServers ?? '';
const settings = { brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING };
const kafka = new Kafka(settings);
const admin = kafka.admin();

/** No other test's, so that what is said of it is this test's. */
const east = uniqueName('east');
const north = uniqueName('north');
const checkpoints = `${east}.checkpoints.internal`;
const everyMessage = [CompressionTypes.None, CompressionTypes.GZIP, CompressionTypes.Snappy, CompressionTypes.LZ4];

const mirrorMaker = mirrorMakerForTests();
beforeAll(async () => {
  await admin.connect();
  const names = [`${east}.heartbeats`, `${north}.${east}.heartbeats`, `${east}.orders`, `${north}.${east}.orders`];
  await createTopics(
    admin,
    [...names, checkpoints].map((topic) => ({ topic, numPartitions: 1, replicationFactor: 1 })),
  );
});
afterAll(async () => {
  await admin.disconnect();
});

describe('a cluster that MirrorMaker 2 writes to', () => {
  test('gives the answers that Java gets, whatever its records are compressed with, and transactions', async () => {
    offerCodecs();
    const producer = kafka.producer({ transactionalId: uniqueName('connect'), maxInFlightRequests: 1 });
    await producer.connect();
    for (const [round, compression] of [...everyMessage, CompressionTypes.ZSTD].entries()) {
      const transaction = await producer.transaction();
      const messages = [0, 1, 2].map((partition) => checkpoint('billing', partition, 10 * round + partition, 'm'));
      await transaction.send({
        topic: checkpoints,
        compression,
        messages: [...messages, checkpoint('audit', 7, round)],
      });
      await transaction.commit();
    }
    await producer.disconnect();

    const groups = ['billing', 'audit', 'nobody'];
    const [theirs] = await mirrorMaker.ask('live client', [
      { properties: { 'bootstrap.servers': bootstrapServers }, remoteCluster: east, groups, timeoutMs: 20_000 },
    ]);

    const properties = { kafka: settings };
    const client = openMirrorClient(properties);
    const ours = {
      heartbeatTopics: [...(await remoteClusterUtils.heartbeatTopics(properties))],
      checkpointTopics: [...(await remoteClusterUtils.checkpointTopics(properties))],
      upstreamClusters: [...(await remoteClusterUtils.upstreamClusters(properties))],
      replicationHops: await remoteClusterUtils.replicationHops(properties, east),
      remoteTopics: [...(await client.remoteTopics(east))],
      groups: Object.fromEntries(
        await Promise.all(
          groups.map(async (group) => {
            const { offsets, complete, skipped } = await client.remoteConsumerOffsets(group, east, 20_000);
            expect({ complete, skipped }).toEqual({ complete: true, skipped: 0 });
            return [group, offsets] as const;
          }),
        ),
      ),
    };
    await client.close();

    expect(inOrder(ours)).toEqual(inOrder(theirs));
    expect(ours.replicationHops).toBe(1);
    expect(ours.remoteTopics.sort()).toEqual([`${east}.heartbeats`, `${east}.orders`]);
    expect(ours.groups.billing?.map(({ partition, offset }) => [partition, offset]).sort()).toEqual([
      [0, 40],
      [1, 41],
      [2, 42],
    ]);
    expect(ours.groups.nobody).toEqual([]);
  });

  test('is not asked to make a topic that it does not have', async () => {
    const nowhere = uniqueName('nowhere');
    const client = openMirrorClient({ kafka });

    await expect(client.remoteConsumerOffsets('billing', nowhere, 10_000)).rejects.toMatchObject({
      code: 'CHECKPOINTS_TOPIC_MISSING',
      topic: `${nowhere}.checkpoints.internal`,
    });
    await client.close();

    expect((await admin.listTopics()).filter((topic) => topic.startsWith(nowhere))).toEqual([]);
  });

  test('gets no consumer group by being read', async () => {
    const client = openMirrorClient({ kafka });
    await client.remoteConsumerOffsets('billing', east, 10_000);

    const { groups } = await admin.listGroups();
    await client.close();
    expect(groups.filter(({ groupId }) => groupId.startsWith('causeway-client'))).toEqual([]);
  });
});

describe('a time-out', () => {
  test('that comes first gives what was read by then, which is nothing yet, and says so', async () => {
    const client = openMirrorClient({ kafka });

    expect(await client.remoteConsumerOffsets('billing', east, 0)).toEqual({
      offsets: [],
      complete: false,
      skipped: 0,
    });
    await client.close();
  });

  test('ends the wait for brokers that do not answer', async () => {
    const client = openMirrorClient({ kafka: { brokers: ['127.0.0.1:9'], logLevel: logLevel.NOTHING } });

    expect((await client.remoteConsumerOffsets('billing', east, 300)).complete).toBe(false);
    await client.close();
  });
});

test('brokers that are not there are an error with its reason', async () => {
  const retry = { retries: 0 };
  const client = openMirrorClient({ kafka: { brokers: ['127.0.0.1:9'], retry, logLevel: logLevel.NOTHING } });

  await expect(client.upstreamClusters()).rejects.toMatchObject({
    code: 'CLUSTER_UNAVAILABLE',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  await client.close();
});

/** Neither Java's sets have an order, nor other tests' topics, which may come and go. */
function inOrder(answers: unknown): unknown {
  if (Array.isArray(answers)) {
    const names = answers.every((each) => typeof each === 'string');
    const own = answers.filter((each) => !names || each.includes(east) || each.includes(north));
    return own.map((each) => JSON.stringify(each, sortedKeys)).sort();
  }
  if (typeof answers !== 'object' || answers === null) return answers;
  return Object.fromEntries(Object.entries(answers).map(([name, value]) => [name, inOrder(value)]));
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** With the time that it is sent at. */
function checkpoint(...asked: Parameters<typeof logged>): Pick<ReturnType<typeof logged>, 'key' | 'value'> {
  const { key, value } = logged(...asked);
  return { key, value };
}
