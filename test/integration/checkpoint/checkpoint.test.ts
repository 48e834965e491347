import { Consumer } from '@platformatic/kafka';
import kafkajs from 'kafkajs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startRegions } from '../../../local/region/regions.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import { createTopic, eventually, logOf, recordsFrom } from '../kafka/target.ts';
import { CopiedFlow, inWords, westServers } from './copied-flow.ts';

const { Kafka, logLevel } = kafkajs;
/** Consumers join and leave in it, and a cluster is started and stopped. */
vi.setConfig({ testTimeout: 180_000 });

async function flowOf(sourceServers?: string): Promise<CopiedFlow> {
  const flow = await CopiedFlow.start(sourceServers);
  onTestFinished(() => flow[Symbol.asyncDispose]());
  return flow;
}

/** A classic group that has read and committed `count` records of a topic, and left. */
async function classicReader(servers: string, groupId: string, topic: string, count: number): Promise<void> {
  const consumer = new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING }).consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({ message }: { message: { offset: string } }) => {
      if (Number(message.offset) !== count - 1) return;
      const offsets = [{ topic, partition: 0, offset: String(count) }];
      consumer.commitOffsets(offsets).then(resolve, reject);
    };
    consumer.run({ autoCommit: false, eachMessage }).catch(reject);
  });
  await consumer.disconnect();
}

/** The same by the protocol of KIP-848. */
async function modernReader(servers: string, groupId: string, topic: string, count: number): Promise<void> {
  const consumer = new Consumer({
    clientId: 'test',
    groupId,
    groupProtocol: 'consumer',
    bootstrapBrokers: servers.split(','),
  });
  const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false });
  for await (const message of stream) {
    if (Number(message.offset) !== count - 1) continue;
    await consumer.commit({ offsets: [{ topic, partition: 0, offset: BigInt(count), leaderEpoch: 0 }] });
    break;
  }
  await consumer.close(true);
}

/** Offset of the first record that a member of the group gets. */
async function firstRecord(servers: string, groupId: string, topic: string): Promise<number> {
  const consumer = new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING }).consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic] });
  const first = await new Promise<number>((resolve, reject) => {
    const eachMessage = async ({ message }: { message: { offset: string } }) => resolve(Number(message.offset));
    consumer.run({ autoCommit: false, eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return first;
}

describe('checkpoint', () => {
  it('carries groups of both protocols over that stopped half-way, and a consumer goes on at the first unread record', async () => {
    const flow = await flowOf();
    await classicReader(flow.eastServers, flow.group('classic'), flow.topic, 60);
    await modernReader(flow.eastServers, flow.group('modern'), flow.topic, 45);

    const { ticker } = flow.begin();
    const report = await ticker.tick();

    expect(inWords(flow, report)).toEqual(['classic: none to 50', 'modern: none to 40']);
    expect([await flow.onTarget('classic'), await flow.onTarget('modern')]).toEqual([50, 40]);
    expect(await flow.checkpoints()).toEqual({ latest: ['classic 60 to 50', 'modern 45 to 40'], records: 2 });
    const { topics } = await flow.west.metadata([flow.checkpointsTopic]);
    expect(topics.get(flow.checkpointsTopic)?.partitions.size).toBe(1);
    const configs = await new ClusterAdmin(flow.west).describeTopicConfigs([flow.checkpointsTopic], ['cleanup.policy']);
    expect(configs.get(flow.checkpointsTopic)?.get('cleanup.policy')).toMatchObject({ value: 'compact', own: true });

    const again = await ticker.tick(true);
    expect(inWords(flow, again)).toEqual(['classic: unchanged', 'modern: unchanged']);
    expect((await flow.checkpoints()).records).toBe(2);
    expect(await firstRecord(westServers, flow.group('classic'), flow.remoteTopic)).toBe(50);
    expect(await firstRecord(westServers, flow.group('modern'), flow.remoteTopic)).toBe(40);
  });

  it('leaves groups alone that are active on the target or ahead there, and writes their checkpoints', async () => {
    const flow = await flowOf();
    for (const name of ['active', 'ahead', 'idle']) await flow.commitOnSource(name, 60, `of ${name}`);
    await flow.commitOnTarget('ahead', 70);
    const kafka = new Kafka({ brokers: westServers.split(','), logLevel: logLevel.NOTHING });
    const busy = kafka.consumer({ groupId: flow.group('active') });
    onTestFinished(() => busy.disconnect());
    await busy.connect();
    await busy.subscribe({ topics: [flow.remoteTopic] });
    await busy.run({ autoCommit: false, eachMessage: async () => {} });
    await eventually(
      async () => (await flow.target.list()).groups.get(flow.group('active'))?.state,
      (state) => state === 'Stable',
    );

    const report = await flow.begin().ticker.tick();

    expect(inWords(flow, report)).toEqual([
      'active: group-active-on-target',
      'ahead: ahead-on-target',
      'idle: none to 50',
    ]);
    const found = await Promise.all(['active', 'ahead', 'idle'].map((name) => flow.onTarget(name)));
    expect(found).toEqual([undefined, 70, 50]);
    expect((await flow.checkpoints()).latest).toEqual(['active 60 to 50', 'ahead 60 to 50', 'idle 60 to 50']);
  });

  it('passes over foreign records in the checkpoints topic, and is not set back by a run beside it', async () => {
    const flow = await flowOf();
    await createTopic(flow.west, { name: flow.checkpointsTopic });
    const log = logOf(flow.west, flow.checkpointsTopic);
    await log.append(await log.initProducer(), 0, recordsFrom(0, 3));
    await flow.commitOnSource('billing', 60);
    const [one, other] = [flow.begin().ticker, flow.begin().ticker];

    const reports = await Promise.all([one.tick(), other.tick()]);
    await flow.commitOnSource('billing', 70);
    reports.push(await one.tick(true), await other.tick(true), await one.tick(true));

    expect(reports.map(({ checkpoints, errors }) => [checkpoints?.foreign, errors])).toEqual(Array(5).fill([3, []]));
    expect(reports.slice(2).map(({ checkpoints, committed }) => [checkpoints?.written, committed])).toEqual([
      [1, 1],
      [0, 0],
      [0, 0],
    ]);
    expect((await flow.checkpoints()).latest).toEqual(['billing 70 to 60']);
    expect(await flow.onTarget('billing')).toBe(60);
  });

  it('finds the checkpoints topic made anew, and writes it again', async () => {
    const flow = await flowOf();
    await flow.commitOnSource('billing', 60);
    const { ticker } = flow.begin();
    await ticker.tick();
    const admin = new Kafka({ brokers: westServers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [flow.checkpointsTopic] });
    await admin.disconnect();
    await eventually(
      async () => (await flow.west.metadata([flow.checkpointsTopic])).topics.size,
      (size) => size === 0,
    );

    const { checkpoints, errors } = await ticker.tick(true);

    expect([checkpoints?.written, errors]).toEqual([1, []]);
    expect((await flow.checkpoints()).latest).toEqual(['billing 60 to 50']);
  });

  it('goes on with what it last knew when the source is gone, also as a function that begins only then', async () => {
    const lost = await startRegions({ clusters: [{ alias: 'us-east', awsRegion: 'us-east-1' }], aws: false });
    let up = true;
    onTestFinished(async () => {
      if (up) await lost.stop();
    });
    const flow = await flowOf(lost.address.clusters[0]?.bootstrapServers);
    await flow.commitOnSource('billing', 60);
    await flow.commitOnSource('shipping', 97);
    const notCommitting = flow.begin('sync.group.offsets.enabled = false').ticker;
    const warm = flow.begin('sync.group.offsets.interval.seconds = 3600').ticker;
    await notCommitting.tick();
    await warm.tick();
    expect([await flow.onTarget('billing'), await flow.onTarget('shipping')]).toEqual([50, 80]);
    await flow.commitOnSource('billing', 65);
    await warm.tick(true);
    await lost.stop();
    up = false;

    const began = Date.now();
    const during = await warm.tick(true);
    const tookMs = Date.now() - began;
    const cold = await flow.begin().ticker.tick();

    for (const report of [during, cold]) {
      expect(report.sourceError).toMatchObject({ code: 'KAFKA_UNREACHABLE' });
      expect([report.kept, report.errors]).toEqual([2, []]);
      expect(report.sourceAgeMs).toBeGreaterThan(0);
      expect(inWords(flow, report)).toEqual(['billing: unchanged', 'shipping: unchanged']);
    }
    // The next run is to find it done.
    expect(tookMs).toBeLessThan(60_000);
    expect(await flow.onTarget('billing')).toBe(55);
    expect((await flow.checkpoints()).latest).toEqual(['billing 65 to 55', 'shipping 97 to 80']);
  });
});
