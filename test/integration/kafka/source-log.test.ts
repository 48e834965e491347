import { randomBytes } from 'node:crypto';
import kafkajs from 'kafkajs';
import { afterAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import { BrokerConnection } from '../../../shared/adapters/kafka/broker-connection.ts';
import { type FetchAnswer, fetch } from '../../../shared/adapters/kafka/fetch-api.ts';
import { KafkaSourceLog } from '../../../shared/adapters/kafka/source-log.ts';
import { connect, createTopic, logOf, recordsFrom, uniqueName } from './target.ts';

const { Kafka, logLevel } = kafkajs;
const { bootstrapServers } = inject('regions').clusters[0] ?? { bootstrapServers: '' };
const cluster = connect(bootstrapServers);
afterAll(() => cluster.close());

async function filled(count: number) {
  const topic = await createTopic(cluster);
  const log = logOf(cluster, topic);
  const records = recordsFrom(0, count).map((each) => ({
    ...each,
    key: Buffer.from(`k${each.offset}`).toString('base64'),
  }));
  await log.append(await log.initProducer(), 0, records);
  return { topic, records, source: new KafkaSourceLog(cluster, { topic, partition: 0 }) };
}

describe('KafkaSourceLog', () => {
  it('tells the topic id, the leader epoch and the ends of the log', async () => {
    const { topic, source } = await filled(5);
    const listed = (await new ClusterAdmin(cluster).listTopics()).find(({ name }) => name === topic);
    expect(await source.state()).toEqual({ topicId: listed?.topicId, leaderEpoch: 0 });
    expect(await source.logStart()).toBe(0);
    expect(await source.logEnd()).toBe(5);
  });

  it('tells where a leader epoch ended, and the log’s end for one that the leader never heard of', async () => {
    const { source } = await filled(5);
    expect(await source.endOfLeaderEpoch(0)).toBe(5);
    expect(await source.endOfLeaderEpoch(9)).toBe(5);
  });

  it('knows whether the log holds just these records', async () => {
    const { records, source } = await filled(5);
    const [first, second] = records;
    if (!first || !second) throw new Error('no records');
    expect(await source.holds(records)).toBe(true);
    expect(await source.holds([second])).toBe(true);
    expect(await source.holds([{ ...second, value: first.value ?? null }])).toBe(false);
    expect(await source.holds([{ ...second, key: null }])).toBe(false);
    expect(await source.holds([{ ...second, timestamp: second.timestamp + 1 }])).toBe(false);
    expect(await source.holds([...records, { ...second, offset: 5 }])).toBe(false);
    expect(await source.holds([{ ...second, offset: 99 }])).toBe(false);
  });

  it('has one batch sent to it when asked for one record, also where that is large', async () => {
    const topic = await createTopic(cluster);
    const log = logOf(cluster, topic);
    const producer = await log.initProducer();
    const records = recordsFrom(0, 6).map((each) => ({ ...each, value: randomBytes(500_000).toString('base64') }));
    for (const record of records) await log.append(producer, record.offset, [record]);
    const answers: number[] = [];
    const call = BrokerConnection.prototype.call;
    const spy = vi.spyOn(BrokerConnection.prototype, 'call').mockImplementation(async function (
      this: BrokerConnection,
      ...args
    ) {
      const answer: unknown = await call.apply(this, args);
      if (args[0] === (fetch as unknown)) answers.push((answer as FetchAnswer).partition?.log.length ?? 0);
      return answer;
    });
    onTestFinished(() => spy.mockRestore());
    const source = new KafkaSourceLog(cluster, { topic, partition: 0 });

    const [, second] = records;
    if (!second) throw new Error('no record');
    expect(await source.holds([second])).toBe(true);
    expect(await source.holds([{ ...second, key: 'AA==' }])).toBe(false);

    expect(answers).toHaveLength(2);
    for (const bytes of answers) expect(bytes).toBeLessThan(510_000);
  });

  it('counts records that were deleted since as held, and other ones at their place as not', async () => {
    const { topic, records, source } = await filled(5);
    const admin = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    // kafkajs deletes only in topics whose metadata it has loaded before.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
    await admin.disconnect();

    expect(await source.logStart()).toBe(3);
    expect(await source.holds(records)).toBe(true);
    expect(await source.holds(records.map((record) => ({ ...record, key: null })))).toBe(false);
  });
});

describe('ClusterAdmin', () => {
  const admin = new ClusterAdmin(cluster);

  it('creates a topic once and tells its id each time', async () => {
    const topic = {
      name: uniqueName('created'),
      partitions: 3,
      replicationFactor: 1,
      configs: { 'retention.ms': '5000' },
    };
    const ids = await Promise.all([admin.createTopic(topic), admin.createTopic(topic)]);
    expect(ids[0]).toMatch(/^[\w-]{22}$/);
    expect(ids[1]).toBe(ids[0]);
    expect((await admin.listTopics()).find(({ name }) => name === topic.name)).toEqual({
      name: topic.name,
      topicId: ids[0],
      partitions: 3,
      replicationFactor: 1,
      internal: false,
    });
  });

  it('grows partitions, never shrinks them, and minds no repetition', async () => {
    const name = await createTopic(cluster, { partitions: 2 });
    await Promise.all([admin.createPartitions(name, 4), admin.createPartitions(name, 4)]);
    await admin.createPartitions(name, 3);
    expect((await cluster.topic(name, true)).partitions.size).toBe(4);
  });

  it('says why a topic cannot be created', async () => {
    const create = admin.createTopic({ name: 'not/allowed', partitions: 1, replicationFactor: 1 });
    await expect(create).rejects.toMatchObject({ code: 'KAFKA_INVALID_TOPIC' });
    const replicas = admin.createTopic({ name: uniqueName('wide'), partitions: 1, replicationFactor: 50 });
    await expect(replicas).rejects.toMatchObject({ code: 'KAFKA_INVALID_REPLICATION_FACTOR' });
  });

  it('describes which configs are the topic’s own', async () => {
    const name = await createTopic(cluster, { configs: { 'max.message.bytes': '7777' } });
    const configs = (await admin.describeTopicConfigs([name])).get(name);
    expect(configs?.get('max.message.bytes')).toEqual({ value: '7777', own: true, readOnly: false, sensitive: false });
    expect(configs?.get('retention.ms')?.own).toBe(false);
    expect(await admin.maxMessageBytes(name)).toBe(7_777);
  });

  it('lists the ends of many partitions', async () => {
    const { topic } = await filled(5);
    const wide = await createTopic(cluster, { partitions: 3 });
    const asked = [{ topic, partition: 0 }, ...[0, 1, 2].map((partition) => ({ topic: wide, partition }))];
    expect([...(await admin.logEnds(asked))].sort()).toEqual(
      [
        [`${topic}-0`, 5],
        [`${wide}-0`, 0],
        [`${wide}-1`, 0],
        [`${wide}-2`, 0],
      ].sort(),
    );
    expect((await admin.logStarts(asked)).get(`${topic}-0`)).toBe(0);
    await expect(admin.logEnds([{ topic: wide, partition: 9 }])).rejects.toThrow(`no partition ${wide}-9`);
  });
});
