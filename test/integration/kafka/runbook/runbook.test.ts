import { createServer } from 'node:net';
import { Consumer } from '@platformatic/kafka';
import kafkajs from 'kafkajs';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { ConsumerGroups } from '../../../../shared/adapters/kafka/groups/consumer-groups.ts';
import { GroupCoordinators } from '../../../../shared/adapters/kafka/groups/coordinators.ts';
import { activeProducers } from '../../../../shared/adapters/kafka/runbook/active-producers.ts';
import { deleteGroups } from '../../../../shared/adapters/kafka/runbook/delete-groups.ts';
import { groupMembers } from '../../../../shared/adapters/kafka/runbook/group-members.ts';
import { probeBrokers } from '../../../../shared/adapters/kafka/runbook/probe-brokers.ts';
import { recordDigests } from '../../../../shared/adapters/kafka/runbook/record-digests.ts';
import { CANARY_TOPIC, roundTrip } from '../../../../shared/adapters/kafka/runbook/round-trip.ts';
import { stableEnds } from '../../../../shared/adapters/kafka/runbook/stable-ends.ts';
import { transactionalIds } from '../../../../shared/adapters/kafka/runbook/transactional-ids.ts';
import { targetOffset } from '../../../../shared/flow/offset.ts';
import { BrokerProxy } from '../../runbooks/broker-proxy.ts';
import { connect, createTopic, eventually, logOf, recordsFrom, uniqueName } from '../target.ts';

const { Kafka, logLevel } = kafkajs;
const { bootstrapServers } = inject('regions').clusters[0] ?? { bootstrapServers: '' };
const servers = bootstrapServers.split(',');
const cluster = connect(bootstrapServers);
const coordinators = new GroupCoordinators(cluster, []);
const kafka = new Kafka({ brokers: servers, logLevel: logLevel.NOTHING });
afterAll(() => cluster.close());

const TIMEOUT_MS = 10_000;
/** Within which a broker that says nothing has to be given up: metadata, which it does tell, comes sooner on any machine. */
const SILENCE_MS = 4_000;
/** Less than a request's own time-out of 10 s, three times over. */
const MOST_MS = 30_000;
/** API keys of Metadata and ApiVersions. */
const METADATA = [3, 18];

async function filledTopic(records: number, partitions = 1): Promise<string> {
  const topic = await createTopic(cluster, { partitions });
  const log = logOf(cluster, topic);
  await log.append(await log.initProducer(), 0, recordsFrom(0, records));
  return topic;
}

/** Takes connections, tells versions and metadata (and that it listens there), and answers nothing else; or nothing at all. */
function halfDeadBroker(tells: 'metadata' | 'nothing'): Promise<BrokerProxy> {
  const told = tells === 'metadata' ? METADATA : [];
  return BrokerProxy.before(bootstrapServers, (apiKey) => (told.includes(apiKey) ? 'through' : 'never'));
}

const places = (topic: string, ...partitions: number[]) => partitions.map((partition) => ({ topic, partition }));

describe('stable ends and active producers', () => {
  it('tell where an open transaction begins, and whose it is', async () => {
    const topic = await filledTopic(3, 2);
    const transactionalId = uniqueName('payments');
    const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: 'undecided', partition: 0 }] });

    expect(await stableEnds(cluster, places(topic, 0, 1, 0), TIMEOUT_MS)).toEqual(
      new Map([
        [
          topic,
          new Map([
            [0, 3],
            [1, 0],
          ]),
        ],
      ]),
    );
    const told = (await activeProducers(cluster, places(topic, 0, 1), TIMEOUT_MS)).get(topic);
    expect(told?.get(1)).toEqual([]);
    const writers = told?.get(0);
    if (!Array.isArray(writers)) throw new Error('not told');
    expect(writers).toHaveLength(2);
    const open = writers.find(({ transactionStart }) => transactionStart !== undefined);
    expect(open).toMatchObject({ epoch: 0, lastSequence: 0, transactionStart: 3 });
    expect(open.lastTimestamp).toBeGreaterThan(1_600_000_000_000);
    expect((await transactionalIds(cluster, TIMEOUT_MS)).get(open.producerId)).toBe(transactionalId);

    await transaction.commit();
    const ends = await eventually(
      () => stableEnds(cluster, places(topic, 0), TIMEOUT_MS),
      (seen) => seen.get(topic)?.get(0) === 5,
    );
    expect(ends.get(topic)?.get(0)).toBe(5);
    await producer.disconnect();
  });

  it('of a partition that is not there keep no other from being told', async () => {
    const topic = await filledTopic(2);
    const nobody = uniqueName('nobody');
    const asked = [...places(topic, 0, 7), ...places(nobody, 0)];
    const unknown = { code: 'UNKNOWN_TOPIC_OR_PARTITION' };

    const ends = await stableEnds(cluster, asked, TIMEOUT_MS);
    const producers = await activeProducers(cluster, asked, TIMEOUT_MS);

    expect([ends.get(topic)?.get(0), ends.get(topic)?.get(7), ends.get(nobody)?.get(0)]).toEqual([2, unknown, unknown]);
    expect([producers.get(topic)?.get(7), producers.get(nobody)?.get(0)]).toEqual([unknown, unknown]);
  });

  it('are not waited for where the leader takes the connection and answers nothing', async () => {
    const topic = await filledTopic(2);
    await using silent = await halfDeadBroker('metadata');
    const halfDead = connect(silent.address);
    const began = Date.now();

    const ends = await stableEnds(halfDead, places(topic, 0), SILENCE_MS);
    const producers = await activeProducers(halfDead, places(topic, 0), SILENCE_MS);
    const ids = await transactionalIds(halfDead, SILENCE_MS);

    const late = { code: 'KAFKA_DEADLINE_EXCEEDED' };
    expect([ends.get(topic)?.get(0), producers.get(topic)?.get(0), ids.size]).toEqual([late, late, 0]);
    expect(Date.now() - began).toBeLessThan(MOST_MS);
    halfDead.close().catch(() => {});
  });

  it('throw what no broker at all answered', async () => {
    await using silent = await halfDeadBroker('nothing');
    const dead = connect(silent.address);
    const asked = places('orders', 0);
    for (const ask of [stableEnds(dead, asked, SILENCE_MS), activeProducers(dead, asked, SILENCE_MS)])
      await expect(ask).rejects.toMatchObject({ code: expect.stringMatching(/KAFKA_(DEADLINE_EXCEEDED|UNREACHABLE)/) });
    await expect(transactionalIds(dead, SILENCE_MS)).rejects.toMatchObject({ retriable: true });
    dead.close().catch(() => {});
  });
});

describe('probing brokers', () => {
  it('tells of each by itself whether it answers, also of those that only another one lists', async () => {
    await using silent = await halfDeadBroker('nothing');
    const closed = createServer();
    const refusing = await new Promise<string>((resolve) => {
      closed.listen(0, '127.0.0.1', () => {
        const address = closed.address();
        closed.close(() => resolve(`127.0.0.1:${typeof address === 'object' ? address?.port : ''}`));
      });
    });
    const began = Date.now();

    const answers = await probeBrokers(
      async (server) => connect(server),
      [servers[0] ?? '', silent.address, refusing],
      2_000,
    );

    const of = (broker: string) => answers.find((each) => each.broker === broker);
    expect(of(servers[0] ?? '')).toMatchObject({ answers: true, because: undefined });
    expect(of(silent.address)).toMatchObject({ answers: false });
    expect(of(refusing)).toMatchObject({ answers: false });
    expect(of(refusing)?.because).toMatch(/ECONNREFUSED|Time ran out/);
    const { brokers } = await cluster.metadata([]);
    expect(answers.filter((each) => each.answers).length).toBeGreaterThanOrEqual(brokers.size);
    expect(Date.now() - began).toBeLessThan(MOST_MS);
  });
});

describe('members of groups', { timeout: 120_000 }, () => {
  it('are told for groups of either protocol, and a group with members is not deleted', async () => {
    const topic = await filledTopic(3);
    const [classic, modern, idle] = ['classic', 'modern', 'idle'].map(uniqueName) as [string, string, string];
    const groups = new ConsumerGroups(cluster, { toOffset: targetOffset });
    // The first commit ever makes the topic of offsets, which consumers would have to wait for.
    await eventually(
      () => groups.commit(new Map([[idle, [{ topic, partition: 0, offset: targetOffset(1), metadata: '' }]]])),
      (outcomes) => outcomes.get(idle)?.[0]?.kind === 'committed',
    );
    const first = kafka.consumer({ groupId: classic, heartbeatInterval: 100 });
    await first.connect();
    await first.subscribe({ topics: [topic] });
    await first.run({ eachMessage: async () => {} });
    const second = new Consumer({
      clientId: 'application',
      groupId: modern,
      groupProtocol: 'consumer',
      bootstrapBrokers: servers,
    });
    const stream = await second.consume({ topics: [topic], mode: 'earliest', autocommit: false });
    const { groups: listed } = await eventually(
      () => groups.list(),
      (seen) => seen.groups.get(classic)?.state === 'Stable' && seen.groups.get(modern)?.state === 'Stable',
    );

    const asked = [classic, modern, idle].flatMap((id) => listed.get(id) ?? []);
    const members = await groupMembers(coordinators, asked, TIMEOUT_MS);
    expect(members.get(classic)).toEqual([{ clientId: 'kafkajs', host: '127.0.0.1' }]);
    expect(members.get(modern)).toMatchObject([{ clientId: 'application' }]);
    expect(members.get(idle)).toEqual([]);

    const left = await deleteGroups(coordinators, [classic, idle, uniqueName('nobody')], TIMEOUT_MS);
    expect(left).toEqual(new Map([[classic, 'NON_EMPTY_GROUP']]));
    expect((await groups.list()).groups.has(idle)).toBe(false);

    await Promise.all([first.disconnect(), stream.close().then(() => second.close(true))]);
  });
});

describe('record digests', () => {
  it('tell committed records alone, in order, the same for the same record wherever it stands', async () => {
    const topic = await filledTopic(3);
    const copy = await createTopic(cluster);
    const transactional = { idempotent: true, maxInFlightRequests: 1 };
    const [first, second] = ['a', 'b'].map((name) =>
      kafka.producer({ ...transactional, transactionalId: uniqueName(name) }),
    );
    if (!first || !second) throw new Error('no producers');
    await Promise.all([first.connect(), second.connect()]);
    const message = { key: 'k', value: 'v', timestamp: '1700000000000', headers: { h: 'x' } };
    const aborted = await first.transaction();
    await aborted.send({ topic, messages: [{ value: 'aborted' }] });
    const committed = await second.transaction();
    await committed.send({ topic, messages: [message] });
    await aborted.abort();

    const before = await recordDigests(cluster, { topic, partition: 0 }, 1, 10, TIMEOUT_MS);
    expect(before.map(({ offset }) => offset)).toEqual([1, 2]);

    await committed.commit();
    const plain = kafka.producer();
    await plain.connect();
    await plain.send({ topic: copy, messages: [message, { ...message, value: 'w' }] });
    const digests = await eventually(
      () => recordDigests(cluster, { topic, partition: 0 }, 1, 10, TIMEOUT_MS),
      (seen) => seen.length === 3,
    );
    const [same, other] = await recordDigests(cluster, { topic: copy, partition: 0 }, 0, 10, TIMEOUT_MS);
    expect(digests.map(({ offset }) => offset)).toEqual([1, 2, 4]);
    expect(same?.digest).toBe(digests[2]?.digest);
    expect(other?.digest).not.toBe(same?.digest);
    expect(await recordDigests(cluster, { topic, partition: 0 }, 0, 2, TIMEOUT_MS)).toHaveLength(2);
    await Promise.all([first.disconnect(), second.disconnect(), plain.disconnect()]);
  });
});

describe('the canary', () => {
  it('makes its topic, and finds the record that it wrote among those of others', async () => {
    const clients = { admin: cluster, data: cluster };
    const first = await roundTrip(clients, 'run-1', 'one', TIMEOUT_MS);
    await Promise.all([roundTrip(clients, 'run-2', 'a', TIMEOUT_MS), roundTrip(clients, 'run-3', 'b', TIMEOUT_MS)]);
    const last = await roundTrip(clients, 'run-1', 'one', TIMEOUT_MS);
    expect(first).toMatchObject({ topic: CANARY_TOPIC });
    expect(last.offset).toBeGreaterThanOrEqual(first.offset + 3);
    expect(last.readAfterMs).toBeGreaterThanOrEqual(last.writtenAfterMs);
  });

  it('is over in time on a cluster that takes connections and answers nothing', async () => {
    await using silent = await halfDeadBroker('metadata');
    const halfDead = connect(silent.address);
    await expect(roundTrip({ admin: halfDead, data: halfDead }, 'run', 'x', SILENCE_MS)).rejects.toMatchObject({
      retriable: true,
    });
    halfDead.close().catch(() => {});
  });
});
