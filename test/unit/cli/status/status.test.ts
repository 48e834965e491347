import { describe, expect, test } from 'vitest';
import { ClusterUnreachableError } from '../../../../shared/adapters/kafka/errors.ts';
import { asCalledHere } from '../../../../shared/cli/called-here.ts';
import { statusAnswer } from '../../../../shared/cli/commands/status.ts';
import { readFlow } from '../../../../shared/cli/status/read-flow.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { TopicState } from '../../../../shared/ledger/topic-registry.ts';
import { causeway, properties } from '../command-line.ts';
import { NOW, portsOf, statusOf } from './scene.ts';

const orders = (...partitions: readonly (readonly [end: number, copied: number | undefined, there?: number])[]) => ({
  partitions: partitions.map(([end, copied, there]) => ({ end, copied, ...(there !== undefined && { there }) })),
});

describe('a topic', () => {
  test('that is copied to its end is not behind', async () => {
    const status = await statusOf({ topics: { orders: orders([80, 80]) } });

    expect(status).toMatchObject({ wrong: false, records: 0, seconds: 0, topics: [{ problems: [] }] });
    expect(statusAnswer([status], false).exitCode).toBe(0);
  });

  test('is behind by what is not copied of all its partitions, since its oldest record of those', async () => {
    const age = (offset: number) => (offset === 70 ? 5 : 2);
    const { topics } = await statusOf({ topics: { orders: orders([80, 70], [50, 49]) }, age });

    expect(topics).toMatchObject([{ topic: 'orders', records: 11, seconds: 5, worst: 0, problems: [] }]);
  });

  test('of which nothing was copied yet is behind by all that it holds', async () => {
    const { topics } = await statusOf({ topics: { orders: orders([30, undefined, 0]) } });

    expect(topics).toMatchObject([{ records: 30, seconds: 1 }]);
  });

  test('is not behind by what the source has deleted: that will never be copied', async () => {
    const { topics } = await statusOf({ topics: { orders: orders([80, 10]) }, logStart: 75 });

    expect(topics).toMatchObject([{ records: 5, seconds: 1 }]);
  });

  test.each([
    ['by too many records', { topics: { orders: orders([201, 100]) } }, 'more than 100 records behind'],
    ['for too long', { topics: { orders: orders([2, 1]) }, age: () => 61 }, 'more than 60 s behind'],
    [
      'in a log that ends before what was copied',
      { topics: { orders: orders([9, 9, 5]) } },
      'us-east.orders-0 ends at 5',
    ],
    [
      'until its old mapping is drained',
      { topics: { orders: { ...orders([9, 9]), state: TopicState.Draining } } },
      'begun anew',
    ],
  ])('that is behind %s is wrong', async (_, scene, problem) => {
    const status = await statusOf(scene);

    expect(status.topics[0]?.problems.join()).toContain(problem);
    expect(statusAnswer([status], false).exitCode).toBe(1);
  });

  test('that is covered and not known to the map yet is told', async () => {
    const status = await statusOf({
      topics: { orders: orders([1, 1]) },
      sourceNames: ['orders', 'orders.eu', 'stock'],
    });

    expect(status).toMatchObject({ wrong: true, problems: ['orders.eu is covered and not replicated yet'] });
  });

  test('stands before those that hurt less', async () => {
    const age = (offset: number) => offset;
    const topics = {
      fine: orders([9, 9]),
      many: orders([90, 10]),
      late: orders([41, 40]),
      broken: orders([9, 9, 5]),
      even: orders([20, 10]),
    };

    expect((await statusOf({ topics, age })).topics.map(({ topic }) => topic)).toEqual([
      ...['broken', 'late', 'many', 'even', 'fine'],
    ]);
  });
});

describe('a group', () => {
  test('is as far behind as it has not consumed, and says how much of the rest the target lacks', async () => {
    const status = await statusOf({
      topics: { orders: orders([100, 60]) },
      groups: { billing: { orders: 70 }, audit: { orders: 100 } },
      age: () => 3,
    });

    expect(status.groups).toMatchObject([
      { group: 'billing', partitions: 1, translated: 1, records: 30, seconds: 3, notReplicated: 10 },
      { group: 'audit', records: 0, seconds: 0, notReplicated: 40 },
    ]);
    expect(status.wrong).toBe(false);
  });

  test('that Lambda’s pollers read with, or that reads other topics only, is not shown', async () => {
    const groups = { 'causeway.orders': { orders: 60 }, local: { stock: 1 } };

    expect((await statusOf({ topics: { orders: orders([60, 60]) }, groups })).groups).toEqual([]);
  });

  test('that lies past the end of the log is wrong', async () => {
    const status = await statusOf({ topics: { orders: orders([60, 60]) }, groups: { billing: { orders: 99 } } });

    expect(status).toMatchObject({ wrong: true, groups: [{ translated: 0 }] });
    expect(status.groups[0]?.problems[0]).toContain('past the end of the source’s log');
  });
});

describe('what does not answer', () => {
  test.each([
    ['source', ['us-east', 'groups'], 'KAFKA_UNREACHABLE'],
    ['target', ['us-west', 'groups'], 'KAFKA_UNREACHABLE'],
    ['table', ['offset map'], 'AWS_CALL_FAILED'],
  ] as const)('(%s) is shown as that, and the rest goes on', async (part, open, code) => {
    const status = await statusOf({
      topics: { orders: orders([80, 70]) },
      groups: { billing: { orders: 1 } },
      lost: [part],
    });

    expect(status.wrong).toBe(true);
    const failed = status.asked.filter(({ error }) => error !== undefined);
    expect(failed.map(({ name, error }) => [name, error?.code])).toEqual(open.map((name) => [name, code]));
    const text = statusAnswer([status], false).text(UNSTYLED);
    expect(text).toContain(`not known in full: ${open.join(', ')}`);
    expect(text.match(/no broker answers|no such table/g)).toHaveLength(1);
  });

  test('leaves lags of its topics open instead of at zero', async () => {
    const { topics } = await statusOf({ topics: { orders: orders([80, 70]) }, lost: ['source'] });

    expect(topics).toEqual([expect.objectContaining({ records: undefined, seconds: undefined })]);
  });

  test('is all there is where the flow is being destroyed', async () => {
    expect(await statusOf({ removed: true })).toMatchObject({
      wrong: true,
      problems: ['its stack is being destroyed: nothing is replicated any more'],
    });
  });
});

describe('heartbeats and checkpoints', () => {
  const topics = { orders: orders([80, 80]) };
  const groups = { billing: { orders: 1 } };

  test('are told with their age', async () => {
    expect(await statusOf({ topics, heartbeat: 2, checkpoint: 3 })).toMatchObject({
      wrong: false,
      heartbeat: { state: 'written', ageSeconds: 2 },
      checkpoint: { state: 'written', ageSeconds: 3 },
    });
  });

  test.each([
    ['the target does not answer', { lost: ['target' as const] }, 'us-west could not be asked'],
    ['they may not be read', { refused: 'TOPIC_AUTHORIZATION_FAILED' }, 'TOPIC_AUTHORIZATION_FAILED'],
  ])('are not known where %s: that they are missing is not claimed', async (_, scene, why) => {
    const status = await statusOf({ topics, ...scene });

    expect(status).toMatchObject({
      wrong: true,
      heartbeat: { state: 'unknown', because: expect.stringContaining(why) },
      checkpoint: { state: 'unknown', because: expect.stringContaining(why) },
    });
    const text = statusAnswer([status], false).text(UNSTYLED);
    expect(text).toContain('checkpoint  not known: ');
    expect(text).not.toMatch(/none was written|none has come/);
  });

  test('that were never written are wrong where groups have a place on the target', async () => {
    const status = await statusOf({ topics, groups, checkpoint: 'none' });

    expect(status).toMatchObject({ wrong: true, checkpoint: { state: 'none' } });
    expect(status.problems).toEqual([expect.stringContaining('no checkpoint was ever written, though 1 group')]);
  });

  test('are not missed where there are no groups, or the file switches them off', async () => {
    expect(await statusOf({ topics, checkpoint: 'none' })).toMatchObject({ wrong: false });
    expect(await statusOf({ topics, groups, checkpoint: 'none', writesCheckpoints: false })).toMatchObject({
      wrong: false,
      checkpoint: { state: 'none', because: 'emit.checkpoints.enabled is false' },
    });
    expect((await statusOf({ topics, copiesHeartbeats: false })).heartbeat).toEqual({
      state: 'none',
      because: 'heartbeats.replication.enabled is false',
    });
  });
});

test('a source that does not answer leaves its groups as their last checkpoints have them, with their age', async () => {
  const status = await statusOf({
    topics: { orders: orders([80, 80]) },
    lost: ['source'],
    checkpointed: [{ group: 'billing', at: NOW - 90_000, partitions: 3 }],
  });

  expect(status.groups).toEqual([
    expect.objectContaining({ group: 'billing', translated: 3, records: undefined, checkpointAgeSeconds: 90 }),
  ]);
  expect(status.wrong).toBe(true);
  expect(statusAnswer([status], false).text(UNSTYLED)).toContain(
    'billing  not known; 3 of 3 have their place, by its checkpoints of 90 s ago',
  );
});

test('a target that does not answer either is not asked for checkpoints: nobody waits twice for it', async () => {
  let asked = 0;
  const lastCheckpoints = async () => {
    asked += 1;
    return [];
  };

  await readFlow({ ...portsOf({ lost: ['source', 'target'] }), lastCheckpoints });
  expect(asked).toBe(0);
  await readFlow({ ...portsOf({ lost: ['source'] }), lastCheckpoints });
  expect(asked).toBe(1);
});

test('without the offset map the counts of topics and groups are not known, rather than none', async () => {
  const text = statusAnswer([await statusOf({ lost: ['table'] })], false).text(UNSTYLED);

  expect(text).toMatch(/topics not known, groups not\s+known/);
});

test('brokers that cannot be reached from here leave the commands that need none', async () => {
  const source = () => Promise.reject(new ClusterUnreachableError('us-east', ['east:9092 refused']));
  const { sourceSide } = await readFlow({ ...portsOf({}), source });

  expect(sourceSide).toMatchObject({ error: { next: expect.stringContaining('explain --live answer all the same') } });
  expect(sourceSide).toMatchObject({ error: { next: expect.stringContaining('let this machine reach it') } });
});

test('advice names the machine that calls, not a function', () => {
  expect(asCalledHere('Check that routes let this function reach it')).toBe(
    'Check that routes let this machine reach it',
  );
});

test('the text names what hurts, with ages', async () => {
  const status = await statusOf({
    topics: { orders: orders([250, 100]), clicks: orders([9, 9]) },
    groups: { billing: { orders: 60 } },
    age: () => 12.3,
    heartbeat: 2,
  });

  expect(
    statusAnswer([status], false).text(UNSTYLED),
  ).toBe(`us-east->us-west  150 records, 12.3 s behind; 2 topics, 1 group
  offset map  asked 0 s ago
  us-east     asked 0 s ago
  us-west     asked 0 s ago
  groups      asked 0 s ago
  heartbeat   2 s old
  checkpoint  1 s old
  topics
    orders  150 records, 12.3 s behind, most in partition 0; us-east.orders
            more than 100 records behind
    clicks  nothing behind; us-east.clicks
  groups
    billing  190 records, 12.3 s behind; 1 of 1 have their place`);
});

test('only those that hurt most are shown, unless all are wanted', async () => {
  const topics = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`orders-${i}`, orders([9, 9])]));
  const status = await statusOf({ topics });

  expect(statusAnswer([status], false).text(UNSTYLED)).toContain('and 5 more');
  expect(statusAnswer([status], true).text(UNSTYLED)).toContain('orders-24');
});

test('flows with something wrong come first', async () => {
  const [fine, wrong] = [await statusOf({}), await statusOf({ removed: true })];

  expect(statusAnswer([fine, { ...wrong, flow: 'b->a' }], false)).toMatchObject({
    exitCode: 1,
    json: { flows: [{ flow: 'b->a' }, { flow: 'us-east->us-west' }] },
  });
});

test.each([
  [['status', 'orders'], 'status takes no orders'],
  [['status', '--max-seconds', 'soon'], '--max-seconds soon is no whole number'],
])('%j is refused', async (args, message) => {
  const { exitCode, err } = await causeway(args, properties('topics = orders'));

  expect(exitCode).toBe(2);
  expect(err).toContain(message);
});
