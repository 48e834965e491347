import { createServer } from 'node:net';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { encodeHead } from '../../../../shared/adapters/dynamodb/head-item.ts';
import { HEAD_KEY, partitionKey } from '../../../../shared/adapters/dynamodb/keys.ts';
import type { KafkaRecord } from '../../../../shared/records/record.ts';
import { head } from '../../dynamodb/table.ts';
import { LossyProxy } from '../../kafka/lossy-proxy.ts';
import { eventually, recordsIn } from '../../kafka/target.ts';
import { ExecutionEnvironment } from './execution-environment.ts';
import * as topics from './replicated-topic.ts';

const { eventOf, eventOfGroups, ReplicatedTopic, reported, variables } = topics;

afterAll(() => Promise.all([topics.source.close(), topics.target.close()]));

function start(more: Readonly<Record<string, string>> = variables(), clockSkewMs = 0): ExecutionEnvironment {
  const environment = new ExecutionEnvironment(more, clockSkewMs);
  onTestFinished(() => environment[Symbol.asyncDispose]());
  return environment;
}

const offsetsOf = (records: readonly KafkaRecord[]) => records.map(({ offset }) => offset);

describe('replicate and events that are not its own', () => {
  it('refuses each with a code and what to do, and takes the next good one', async () => {
    const topic = await ReplicatedTopic.create(1);
    const records = await topic.produce(0, 3);
    const environment = start();
    const foreign: [event: unknown, found: string][] = [
      [null, 'null'],
      ['hello', '"hello"'],
      [{}, 'eventSource is absent'],
      [{ key1: 'value1', key2: 'value2' }, 'eventSource is absent'],
      [{ Records: [{ eventSource: 'aws:sqs', body: 'secret' }] }, 'eventSource is absent'],
      [{ Records: [{ EventSource: 'aws:sns', Sns: { Message: 'secret' } }] }, 'eventSource is absent'],
      [{ Records: [{ eventSource: 'aws:kinesis', kinesis: { data: 'secret' } }] }, 'eventSource is absent'],
      [{ eventSource: 'aws:rmq', rmqMessagesByQueue: {} }, 'eventSource is "aws:rmq"'],
      [eventOfGroups([] as unknown as Record<string, unknown>), 'records is an empty array'],
    ];

    for (const [event, found] of foreign) {
      const { response, error, log, metrics } = await environment.invoke(event);
      expect(metrics).toEqual([expect.objectContaining({ InvocationsRefused: 1, Flow: 'us-east->us-west' })]);
      expect(response).toBeUndefined();
      expect(error).toEqual({ name: 'MalformedEventError', message: expect.stringContaining(found) });
      expect(log).toEqual([
        expect.objectContaining({
          level: 'CRITICAL',
          code: 'MALFORMED_EVENT',
          next: expect.stringContaining('trigger'),
        }),
      ]);
      expect(JSON.stringify(log)).not.toContain('secret');
    }
    expect((await environment.invoke(eventOf(records))).response).toEqual({ batchItemFailures: [] });
    expect(await topic.ends(1)).toEqual([3]);
  });

  it('finds nothing to do in an event without records', async () => {
    const environment = start();
    for (const records of [{}, { 'orders-0': [] }]) {
      expect((await environment.invoke(eventOfGroups(records))).response).toEqual({ batchItemFailures: [] });
    }
  });
});

describe('replicate and events of which a part is bad', () => {
  it('appends what is good and reports exactly the rest, with a code and a place for each', async () => {
    const topic = await ReplicatedTopic.create(5);
    const [good = [], outOfOrder = [], garbage = [], bytes = [], last = []] = await Promise.all(
      [0, 1, 2, 3, 4].map((partition) => topic.produce(partition, 4)),
    );
    const [first, second, ...more] = outOfOrder;
    const unknown = good.map((record) => ({ ...record, partition: 5 }));
    const stranger = good.map((record) => ({ ...record, topic: 'not-of-the-flow' }));
    const environment = start();
    const event = eventOf(
      good,
      [second, first, ...more],
      garbage.map((record) => (record.offset === 2 ? { ...record, value: '*'.repeat(40) } : record)),
      bytes.map((record) => (record.offset === 1 ? { ...record, headers: [{ trace: [1, -129] }] } : record)),
      unknown,
      stranger,
      last,
    );

    const { response, log } = await environment.invoke(event);

    expect(reported(response)).toEqual({
      [`${topic.name}-1`]: [0, 1, 2, 3],
      [`${topic.name}-2`]: [0, 1, 2, 3],
      [`${topic.name}-3`]: [0, 1, 2, 3],
      [`${topic.name}-5`]: [0, 1, 2, 3],
      'not-of-the-flow-0': [0, 1, 2, 3],
    });
    expect(await topic.ends(5)).toEqual([4, 0, 0, 0, 4]);
    const told = log.map(({ code, topic: name, partition, from }) => ({ code, topic: name, partition, from }));
    expect(told).toEqual(
      expect.arrayContaining([
        { code: 'MALFORMED_EVENT', topic: topic.name, partition: 1, from: 0 },
        { code: 'MALFORMED_RECORD', topic: topic.name, partition: 2, from: 0 },
        { code: 'MALFORMED_RECORD', topic: topic.name, partition: 3, from: 0 },
        { code: 'KAFKA_UNKNOWN_TOPIC', topic: topic.name, partition: 5, from: 0 },
        { code: 'TOPIC_NOT_READY', topic: 'not-of-the-flow', partition: 0, from: 0 },
      ]),
    );
    expect(told).toHaveLength(5);
    for (const { safe, next } of log) expect([safe, next]).toEqual([expect.any(String), expect.any(String)]);

    const again = await environment.invoke(eventOf(good, outOfOrder, garbage, bytes));
    expect(again.response).toEqual({ batchItemFailures: [] });
    expect(await topic.ends(5)).toEqual([4, 4, 4, 4, 4]);
  });

  it('fails when it cannot say which records were refused, after it has appended the others', async () => {
    const topic = await ReplicatedTopic.create(2);
    const [good, other] = await Promise.all([topic.produce(0, 4), topic.produce(1, 4)]);

    const { response, error } = await start().invoke(
      eventOfGroups({ [`${topic.name}-7`]: other, [`${topic.name}-0`]: good }),
    );

    expect(response).toBeUndefined();
    expect(error?.message).toContain(`records["${topic.name}-7"] holds records of ${topic.name}-1`);
    expect(await topic.ends(2)).toEqual([4, 0]);
  });

  it('takes 10,000 records, and 6 MB', async () => {
    const topic = await ReplicatedTopic.create(2);
    const value = Buffer.alloc(430, 'v').toString('base64');
    const many = await topic.produce(0, 10_000);
    const large = await topic.produce(1, 7_000, (record) => ({ ...record, value }));
    const environment = start();
    expect(JSON.stringify(eventOf(large)).length).toBeGreaterThan(4_500_000);

    expect((await environment.invoke(eventOf(many))).response).toEqual({ batchItemFailures: [] });
    expect((await environment.invoke(eventOf(large))).response).toEqual({ batchItemFailures: [] });

    expect(await topic.ends(2)).toEqual([10_000, 7_000]);
  });

  it('keeps timestamps as they are: none, the epoch, long ago and hours ahead', async () => {
    const topic = await ReplicatedTopic.create(2);
    const now = Date.now();
    const odd = [-1, 0, 1, now - 40 * 86_400_000, now + 30 * 60_000];
    const records = await topic.produce(0, odd.length, (record) => ({
      ...record,
      timestamp: odd[record.offset] ?? -1,
    }));

    const { response } = await start().invoke(eventOf(records));

    expect(response).toEqual({ batchItemFailures: [] });
    expect((await recordsIn(topics.target, topic.remoteName)).map(({ timestamp }) => timestamp)).toEqual(odd);
  });
});

describe('replicate and records that the remote topic does not take', () => {
  it('says which setting keeps timestamps of the far future out, and goes on once it is as on the source', async () => {
    const tolerant = { 'message.timestamp.after.max.ms': String(Number.MAX_SAFE_INTEGER) };
    const topic = await ReplicatedTopic.create(1, { source: tolerant });
    const nextYear = Date.now() + 365 * 86_400_000;
    const records = await topic.produce(0, 2, (record) => ({ ...record, timestamp: nextYear + record.offset }));
    const environment = start();

    const { response, log } = await environment.invoke(eventOf(records));

    expect(reported(response)).toEqual({ [`${topic.name}-0`]: [0, 1] });
    expect(log).toEqual([
      expect.objectContaining({
        code: 'KAFKA_REQUEST_REFUSED',
        message: expect.stringContaining(`Produce to ${topic.remoteName}-0: INVALID_TIMESTAMP`),
        next: expect.stringContaining('message.timestamp.after.max.ms'),
      }),
    ]);
    await topic.setRemote(tolerant);
    await eventually(
      async () => (await environment.invoke(eventOf(records))).response,
      (answered) => answered?.batchItemFailures.length === 0,
    );
    expect((await recordsIn(topics.target, topic.remoteName)).map(({ timestamp }) => timestamp)).toEqual(
      records.map(({ timestamp }) => timestamp),
    );
  });
});

describe('replicate and an offset map that is not as it was written', () => {
  it.each([
    ['lacks fields', {}],
    ['has a field of another type', { ...encodeHead(head(1)), nextSource: 'ten' }],
    ['has a grant of a version to come', { ...encodeHead(head(1)), grant: { kind: 'shared' } }],
  ])('stops a partition whose HEAD %s, and no other', async (_name, attributes) => {
    const topic = await ReplicatedTopic.create(2);
    const [one, other] = await Promise.all([topic.produce(0, 4), topic.produce(1, 4)]);
    const place = { flow: topics.FLOW, topic: topic.name, remoteTopic: topic.remoteName, partition: 0, generation: 1 };
    const item = { ...attributes, pk: partitionKey(place), sk: HEAD_KEY };
    const Item = marshall(item, { removeUndefinedValues: true });
    await topics.table.send(new PutItemCommand({ TableName: topics.tableName, Item }));

    const { response, log } = await start().invoke(eventOf(one, other));

    expect(reported(response)).toEqual({ [`${topic.name}-0`]: [0, 1, 2, 3] });
    expect(log).toEqual([
      expect.objectContaining({
        code: 'OFFSET_MAP_CORRUPT',
        topic: topic.name,
        partition: 0,
        next: expect.any(String),
      }),
    ]);
    expect(await topic.ends(2)).toEqual([0, 4]);
  });
});

describe('replicate and a clock that is wrong', () => {
  it.each([
    ['three hours ahead', 3 * 3_600_000],
    ['three hours behind', -3 * 3_600_000],
  ])('appends once with a clock %s', async (_name, skewMs) => {
    const topic = await ReplicatedTopic.create(1);
    const records = await topic.produce(0, 6);
    const [right, wrong] = [start(), start(variables(), skewMs)];

    for (const environment of [right, wrong, right, wrong]) {
      expect((await environment.invoke(eventOf(records))).response).toEqual({ batchItemFailures: [] });
    }

    expect((await recordsIn(topics.target, topic.remoteName)).map(({ offset }) => offset)).toEqual(offsetsOf(records));
  });

  it('takes new records for old ones with a clock a day ahead: waits, says so, appends none twice', async () => {
    const topic = await ReplicatedTopic.create(1);
    const records = await topic.produce(0, 6);
    const [first, ...rest] = records;
    if (!first) throw new Error('no record');
    await start().invoke(eventOf([first]));

    const { response, log } = await start(variables(), 86_400_000).invoke(eventOf(rest));

    expect(reported(response)).toEqual({ [`${topic.name}-0`]: offsetsOf(rest) });
    expect(log).toEqual([
      expect.objectContaining({ code: 'OLD_RECORDS_WAIT', topic: topic.name, partition: 0, from: 1 }),
    ]);
    expect(await topic.ends(1)).toEqual([1]);
  });
});

describe('replicate and a target that is not there', () => {
  it('answers in time, says which cluster and what to check, and goes on by itself once it is back', async () => {
    const topic = await ReplicatedTopic.create(1);
    const records = await topic.produce(0, 5);
    const port = await freePort();
    const environment = start(variables(`us-west.bootstrap.servers = 127.0.0.1:${port}`));

    for (const remainingMs of [14_000, 6_000]) {
      const { response, log, ms } = await environment.invoke(eventOf(records), remainingMs);
      expect(ms).toBeLessThan(remainingMs);
      expect(reported(response)).toEqual({ [`${topic.name}-0`]: [0, 1, 2, 3, 4] });
      expect(log).toEqual([
        expect.objectContaining({
          code: 'KAFKA_UNREACHABLE',
          message: `No broker of cluster us-west answers: 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
          next: expect.stringContaining('Check that us-west is up'),
          topic: topic.name,
        }),
      ]);
    }
    const bootstrap = (await topics.target.metadata([])).brokers.values().next().value;
    await using proxy = await LossyProxy.listen(port, bootstrap?.port ?? 0);

    expect((await environment.invoke(eventOf(records))).response).toEqual({ batchItemFailures: [] });
    expect(proxy.connections).toBeGreaterThan(0);
    expect(await topic.ends(1)).toEqual([5]);
  });
});

describe('replicate that cannot start', () => {
  it('says which variables are wrong and what to do', async () => {
    const { FLOW: _, ...rest } = variables();

    const { log, metrics, exitCode } = await start({ ...rest, OFFSET_MAP_TABLE: '' }).end();

    expect(exitCode).not.toBe(0);
    expect(metrics).toEqual([expect.objectContaining({ InvocationsRefused: 1 })]);
    expect(log).toEqual([
      expect.objectContaining({
        level: 'CRITICAL',
        code: 'FUNCTION_MISCONFIGURED',
        message: expect.stringMatching(/FLOW is not set; OFFSET_MAP_TABLE/),
        next: expect.stringContaining('Deploy'),
      }),
    ]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
