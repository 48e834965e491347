import { Consumer, connectionsApiChannel } from '@platformatic/kafka';
import kafkajs from 'kafkajs';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { ConsumerGroups } from '../../../../shared/adapters/kafka/groups/consumer-groups.ts';
import { partitionLogs } from '../../../../shared/adapters/kafka/groups/partition-logs.ts';
import { type SourceOffset, sourceOffset, targetOffset } from '../../../../shared/flow/offset.ts';
import type { OffsetsOfGroups } from '../../../../shared/groups/committed-offsets.ts';
import { activityOf } from '../../../../shared/groups/group.ts';
import type { OffsetToCommit } from '../../../../shared/groups/ports.ts';
import { connect, createTopic, eventually, logOf, recordsFrom, uniqueName } from '../target.ts';
import { OldBroker } from './old-broker.ts';

const { Kafka, logLevel } = kafkajs;
const { bootstrapServers } = inject('regions').clusters[0] ?? { bootstrapServers: '' };
const cluster = connect(bootstrapServers);
const groups = new ConsumerGroups(cluster, { toOffset: sourceOffset });
const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
afterAll(() => cluster.close());

const OFFSET_COMMIT = 8;
const OFFSET_FETCH = 9;
const FIND_COORDINATOR = 10;
const LIST_GROUPS = 16;

/** API keys of the requests that are sent while `work` is under way. */
async function requestsOf(work: () => Promise<unknown>): Promise<number[]> {
  const sent: number[] = [];
  const note = (event: unknown) =>
    sent.push(Number(typeof event === 'object' && event && Reflect.get(event, 'apiKey')));
  connectionsApiChannel.start.subscribe(note);
  await work();
  connectionsApiChannel.start.unsubscribe(note);
  return sent;
}

const count = (requests: readonly number[], apiKey: number) => requests.filter((each) => each === apiKey).length;

function at(topic: string, partition: number, offset: number, metadata = ''): OffsetToCommit {
  return { topic, partition, offset: targetOffset(offset), metadata };
}

async function filledTopic(records: number, partitions = 1): Promise<string> {
  const topic = await createTopic(cluster, { partitions });
  const log = logOf(cluster, topic);
  await log.append(await log.initProducer(), 0, recordsFrom(0, records));
  return topic;
}

/** `group topic-partition@offset`, sorted. */
function inWords(offsets: OffsetsOfGroups<SourceOffset>): string[] {
  return [...offsets].flatMap(([group, topics]) => {
    if ('code' in topics) return [`${group} ${topics.code}`];
    return [...topics].flatMap(([topic, partitions]) =>
      [...partitions].map(([p, each]) => `${group} ${topic}-${p}@${'code' in each ? each.code : each.offset}`),
    );
  });
}

/** A consumer that has read all of the topic, committed, and still runs. */
async function classicMember(group: string, topic: string) {
  const consumer = kafka.consumer({ groupId: group, heartbeatInterval: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: async () => {} });
  return { leave: () => consumer.disconnect() };
}

async function newProtocolMember(group: string, topic: string) {
  const consumer = new Consumer({
    clientId: 'application',
    groupId: group,
    groupProtocol: 'consumer',
    bootstrapBrokers: bootstrapServers.split(','),
  });
  const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false });
  return { leave: () => stream.close().then(() => consumer.close(true)) };
}

const stateOf = async (group: string) => (await groups.list()).groups.get(group);

describe('listing groups', () => {
  it('tells type and state of each by one request to each broker', async () => {
    const topic = await filledTopic(3);
    const [classic, modern, idle] = ['classic', 'modern', 'idle'].map(uniqueName) as [string, string, string];
    const [first, second] = [await classicMember(classic, topic), await newProtocolMember(modern, topic)];
    await groups.commit(new Map([[idle, [at(topic, 0, 1)]]]));

    await eventually(
      () => stateOf(classic),
      (seen) => seen?.state === 'Stable',
    );
    const requests = await requestsOf(() => groups.list());
    const listing = await groups.list();

    const { brokers } = await cluster.metadata([]);
    expect(count(requests, LIST_GROUPS)).toBe(brokers.size);
    expect(listing.silentBrokers).toEqual([]);
    expect(listing.groups.get(classic)).toEqual({ id: classic, type: 'classic', state: 'Stable' });
    expect(listing.groups.get(modern)).toMatchObject({ id: modern, type: 'consumer' });
    expect(listing.groups.get(idle)).toEqual({ id: idle, type: 'classic', state: 'Empty' });
    expect([classic, modern, idle, 'nobody'].map((id) => activityOf(listing, id))).toEqual([
      'active',
      'active',
      'idle',
      'idle',
    ]);

    await Promise.all([first.leave(), second.leave()]);
    const idleOnes = await eventually(
      () => groups.list(),
      (seen) => [classic, modern].every((id) => activityOf(seen, id) === 'idle'),
    );
    expect(idleOnes.groups.get(modern)).toEqual({ id: modern, type: 'consumer', state: 'Empty' });
  });
});

describe('committed offsets', () => {
  it('of hundreds of groups are set and read, and the reading takes few requests', async () => {
    const topics = [await filledTopic(3, 4), await filledTopic(3, 4)];
    const ids = Array.from({ length: 200 }, (_, i) => uniqueName(`many-${i}`));
    const offsets = new Map(
      ids.map((id, i) => [id, topics.flatMap((topic) => [0, 1, 3].map((p) => at(topic, p, i + p, `m${i}`)))]),
    );

    const outcomes = await groups.commit(offsets);
    expect(new Set([...outcomes.values()].flat().map(({ kind }) => kind))).toEqual(new Set(['committed']));

    const fresh = new ConsumerGroups(cluster, { toOffset: sourceOffset });
    let read: OffsetsOfGroups<SourceOffset> = new Map();
    const requests = await requestsOf(async () => {
      read = await fresh.committed([...ids, 'nobody']);
    });
    const brokers = (await cluster.metadata([])).brokers.size;
    expect(count(requests, FIND_COORDINATOR)).toBe(1);
    expect(count(requests, OFFSET_FETCH)).toBeLessThanOrEqual(5 + brokers);
    expect(read.get('nobody')).toEqual(new Map());
    for (const [i, id] of ids.entries()) {
      const each = (p: number) => [p, { offset: i + p, leaderEpoch: -1, metadata: `m${i}` }] as const;
      expect(read.get(id)).toEqual(new Map(topics.map((topic) => [topic, new Map([0, 1, 3].map(each))])));
    }
    expect(count(await requestsOf(() => fresh.committed(ids)), FIND_COORDINATOR)).toBe(0);
  });

  it('keep the leader epoch that a consumer committed', async () => {
    const topic = await filledTopic(5);
    const group = uniqueName('epoch');
    const consumer = new Consumer({ clientId: 'c', groupId: group, bootstrapBrokers: bootstrapServers.split(',') });
    await consumer.topics.trackAll(topic);
    await consumer.joinGroup();
    await consumer.commit({ offsets: [{ topic, partition: 0, offset: 4n, leaderEpoch: 0 }] });
    await consumer.close(true);
    const offsets = (await groups.committed([group])).get(group);
    expect(offsets).toEqual(new Map([[topic, new Map([[0, { offset: 4, leaderEpoch: 0, metadata: '' }]])]]));
  });

  it('that an open transaction may replace are not told until it ends', async () => {
    const topic = await filledTopic(9, 2);
    const group = uniqueName('transactional');
    await groups.commit(new Map([[group, [at(topic, 0, 3), at(topic, 1, 0)]]]));
    const producer = kafka.producer({ transactionalId: uniqueName('tx'), maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.sendOffsets({
      consumerGroupId: group,
      topics: [{ topic, partitions: [{ partition: 0, offset: '7' }] }],
    });

    const during = inWords(await groups.committed([group]));
    await transaction.commit();
    await producer.disconnect();

    expect(during.sort()).toEqual([`${group} ${topic}-0@UNSTABLE_OFFSET_COMMIT`, `${group} ${topic}-1@0`]);
    const told = await eventually(
      async () => inWords(await groups.committed([group])),
      (seen) => seen.includes(`${group} ${topic}-0@7`),
    );
    expect(told.sort()).toEqual([`${group} ${topic}-0@7`, `${group} ${topic}-1@0`]);
  });

  it('of brokers before Kafka 3.0 are read one group a request', async () => {
    const topic = await filledTopic(3);
    const ids = [0, 1, 2].map((i) => uniqueName(`old-${i}`));
    await using broker = await OldBroker.before(bootstrapServers);
    const old = connect(broker.bootstrapServers);
    const there = new ConsumerGroups(old, { toOffset: sourceOffset });

    await there.commit(new Map(ids.map((id, i) => [id, [at(topic, 0, i)]])));
    const offsets = await there.committed([...ids, 'nobody']);
    const listed = (await there.list()).groups.get(ids[0] ?? '');

    expect(inWords(offsets)).toEqual(ids.map((id, i) => `${id} ${topic}-0@${i}`));
    expect(offsets.get('nobody')).toEqual(new Map());
    expect(count(broker.requests, OFFSET_FETCH)).toBe(4);
    expect(count(broker.requests, FIND_COORDINATOR)).toBe(4);
    expect(listed).toEqual({ id: ids[0], type: 'classic', state: 'Empty' });
    await old.close();
  });
});

describe('setting offsets', () => {
  const refused = (code: string) => ({ kind: 'refused', code });

  it.each([
    ['classic', classicMember],
    ['new', newProtocolMember],
  ] as const)(
    'is refused while the group has members, and done once it is idle: the %s protocol',
    async (_name, join) => {
      const topic = await filledTopic(3);
      const group = uniqueName('busy');
      const member = await join(group, topic);
      await eventually(
        () => stateOf(group),
        (seen) => seen !== undefined && seen.state !== 'Empty',
      );
      const other = uniqueName('other');
      const offsets = new Map([group, other].map((id) => [id, [at(topic, 0, 2)]]));

      expect(await groups.commit(offsets)).toEqual(
        new Map([
          [group, [refused('UNKNOWN_MEMBER_ID')]],
          [other, [{ kind: 'committed' }]],
        ]),
      );

      await member.leave();
      await eventually(
        () => stateOf(group),
        (seen) => seen?.state === 'Empty',
      );
      expect((await groups.commit(offsets)).get(group)).toEqual([{ kind: 'committed' }]);
      expect(inWords(await groups.committed([group]))).toEqual([`${group} ${topic}-0@2`]);
    },
  );

  it('tells for each offset whether it was set', async () => {
    const topic = await filledTopic(3);
    const group = uniqueName('partly');
    const offsets = [at('missing', 0, 1), at(topic, 0, 2), at(topic, 7, 1), at(topic, 0, 3, 'x'.repeat(5_000))];
    const outcomes = await groups.commit(new Map([[group, offsets.slice(0, 3)]]));
    expect(outcomes.get(group)).toEqual([
      refused('UNKNOWN_TOPIC_OR_PARTITION'),
      { kind: 'committed' },
      refused('UNKNOWN_TOPIC_OR_PARTITION'),
    ]);
    const tooLarge = await groups.commit(new Map([[group, offsets.slice(3)]]));
    expect(tooLarge.get(group)).toEqual([refused('OFFSET_METADATA_TOO_LARGE')]);
    expect(inWords(await groups.committed([group]))).toEqual([`${group} ${topic}-0@2`]);
  });

  it('takes several requests where the offsets would not fit into one batch of the broker', async () => {
    const topic = await createTopic(cluster, { partitions: 300 });
    const group = uniqueName('large');
    const offsets = Array.from({ length: 300 }, (_, p) => at(topic, p, 1, 'm'.repeat(4_000)));
    let outcomes: Awaited<ReturnType<typeof groups.commit>> = new Map();
    const requests = await requestsOf(async () => {
      outcomes = await groups.commit(new Map([[group, offsets]]));
    });
    expect(count(requests, OFFSET_COMMIT)).toBeGreaterThan(1);
    expect(new Set(outcomes.get(group)?.map(({ kind }) => kind))).toEqual(new Set(['committed']));
    expect(inWords(await groups.committed([group]))).toHaveLength(300);
  });
});

describe('a call whose time is over', () => {
  it('sends nothing any more, and has a code for each group', async () => {
    const topic = await filledTopic(3);
    const ids = Array.from({ length: 20 }, (_, i) => uniqueName(`late-${i}`));
    const offsets = new Map(ids.map((id) => [id, [at(topic, 0, 1)]]));
    await groups.commit(offsets);
    let outcomes: Awaited<ReturnType<typeof groups.commit>> = new Map();
    const requests = await requestsOf(async () => {
      outcomes = await groups.commit(offsets, AbortSignal.abort());
    });
    expect(requests).toEqual([]);
    expect([...outcomes.values()].flat()).toEqual(
      ids.map(() => ({ kind: 'refused', code: 'KAFKA_DEADLINE_EXCEEDED' })),
    );
  });
});

describe('a cluster that does not answer', () => {
  it('is a code for each group, in time', async () => {
    const patienceMs = 60_000;
    const away = connect('127.0.0.1:1', { patienceMs });
    const there = new ConsumerGroups(away, { toOffset: sourceOffset, timeoutMs: 300 });
    const began = performance.now();
    const told = await there.committed(['a', 'b']);
    const outcomes = await there.commit(new Map([['a', [at('orders', 0, 1)]]]));
    await expect(there.list()).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
    expect(performance.now() - began).toBeLessThan(patienceMs);
    expect(inWords(told)).toEqual(['a KAFKA_UNREACHABLE', 'b KAFKA_UNREACHABLE']);
    expect(outcomes.get('a')).toEqual([{ kind: 'refused', code: 'KAFKA_UNREACHABLE' }]);
    await away.close();
  });
});

describe('the logs of many partitions', () => {
  it('are told, each missing one with its code', async () => {
    const [topic, empty] = [await filledTopic(5), await createTopic(cluster, { partitions: 2 })];
    const asked = [topic, empty, 'missing'].flatMap((each) => [0, 1].map((partition) => ({ topic: each, partition })));
    const logs = await partitionLogs(cluster, asked, { toOffset: sourceOffset, signal: AbortSignal.timeout(10_000) });
    const { topicId } = await cluster.topic(topic, true);
    const told = asked.map((each) => logs.get(each.topic)?.get(each.partition));
    const missing = { code: 'UNKNOWN_TOPIC_OR_PARTITION' };
    const none = { topicId: (await cluster.topic(empty, true)).topicId, logStart: 0, logEnd: 0 };
    expect(told).toEqual([{ topicId, logStart: 0, logEnd: 5 }, missing, none, none, missing, missing]);
  });

  it('are told of a partition that is asked for twice, which brokers take for an invalid request', async () => {
    const topic = await filledTopic(5);
    const asked = Array.from({ length: 2 }, () => ({ topic, partition: 0 }));

    const logs = await partitionLogs(cluster, asked, { toOffset: sourceOffset, signal: AbortSignal.timeout(10_000) });

    expect(logs.get(topic)?.get(0)).toMatchObject({ logStart: 0, logEnd: 5 });
  });
});
