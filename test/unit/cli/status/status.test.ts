import { describe, expect, test } from 'vitest';
import { ClusterUnreachableError, KafkaDeadlineError } from '../../../../shared/adapters/kafka/errors.ts';
import { asCalledHere } from '../../../../shared/cli/called-here.ts';
import { statusAnswer } from '../../../../shared/cli/commands/status.ts';
import { reportError } from '../../../../shared/cli/error-report.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { TopicState } from '../../../../shared/ledger/topic-registry.ts';
import { readFlow } from '../../../../shared/status/read-flow.ts';
import { causeway, properties } from '../command-line.ts';
import { checkpointed, NOW, portsOf, statusOf } from './scene.ts';

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

  test('that is gone at the source is said to be, in one line, and no fault of the flow', async () => {
    const status = await statusOf({
      topics: { clicks: { ...orders([9, 9], [9, 9]), state: TopicState.Draining }, orders: orders([5, 5]) },
      gone: ['clicks'],
      sourceNames: ['orders'],
    });

    expect(status).toMatchObject({ wrong: false, records: 0 });
    const text = statusAnswer([status], false).text(UNSTYLED).replace(/\s+/g, ' ');
    expect(text).toContain(
      'clicks clicks is gone on us-east; its copy us-east.clicks is kept (docs/deploy.md) orders nothing behind',
    );
    expect(text).not.toMatch(/UNKNOWN_TOPIC_OR_PARTITION|begun anew/);
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

describe('a group on the target', () => {
  const topics = { orders: orders([100, 100]) };
  const groups = { billing: { orders: 70 } };

  test('that stays behind its place is wrong: it would read those records twice', async () => {
    const status = await statusOf({ topics, groups, onTarget: { billing: { orders: 50 } } });

    expect(status.groups).toMatchObject([
      { onTarget: { synced: true, inPlace: 0, behind: { partitions: 1, records: 20 } } },
    ]);
    const { exitCode, text } = statusAnswer([status], false);
    expect(exitCode).toBe(1);
    expect(text(UNSTYLED)).toMatch(/^us-east->us-west {2}wrong: group billing; 1 topic, 1 group\n/);
    expect(text(UNSTYLED).replace(/\s+/g, ' ')).toContain(
      'behind its place on us-west by 20 records, still after 15 s, and would read them twice (us-east.orders-0); see the log of the function checkpoint',
    );
  });

  test('that comes to its place at the next tick is right: a group that moves is always a little behind', async () => {
    const scene = { topics, groups, onTarget: { billing: { orders: 50 } }, onTargetLater: { billing: { orders: 71 } } };

    expect(await statusOf(scene)).toMatchObject({ wrong: false, groups: [{ onTarget: { inPlace: 1 }, problems: [] }] });
  });

  test('that is ahead of its place is wrong: it would skip records, and is never set back', async () => {
    const status = await statusOf({ topics, groups, onTarget: { billing: { orders: 90 } } });

    expect(status).toMatchObject({ wrong: true, groups: [{ onTarget: { ahead: { partitions: 1, records: 20 } } }] });
    expect(status.groups[0]?.problems).toEqual([
      'ahead of its place on us-west by 20 records, and would skip them (us-east.orders-0); offsets are never set back: docs/groups.md says what to do',
    ]);
  });

  test('that never got an offset there is wrong', async () => {
    const status = await statusOf({ topics, groups, onTarget: {} });

    expect(status).toMatchObject({ wrong: true, groups: [{ onTarget: { nowhere: 1 } }] });
    expect(status.groups[0]?.problems[0]).toContain('would begin by its auto.offset.reset');
  });

  test('with members there is said to be active, wherever it is', async () => {
    const status = await statusOf({ topics, groups, onTarget: { billing: { orders: 90 } }, active: ['billing'] });

    expect(status).toMatchObject({ wrong: false, groups: [{ onTarget: { active: true } }] });
    expect(statusAnswer([status], false).text(UNSTYLED)).toContain('active on us-west');
  });

  test('is held against nothing where the file does not have offsets committed, and that is said', async () => {
    const status = await statusOf({ topics, groups, onTarget: {}, commitsOffsets: false });

    expect(status).toMatchObject({ wrong: false, groups: [{ onTarget: { synced: false }, problems: [] }] });
    expect(statusAnswer([status], false).text(UNSTYLED)).toContain(
      'offsets     not committed on us-west: sync.group.offsets.enabled is false',
    );
  });

  test('may be watched for a while, which makes nothing else older', async () => {
    const scene = { topics: { orders: orders([100, 99]) }, groups: { billing: { orders: 70 } }, age: () => 50 };
    const status = await statusOf({ ...scene, heartbeat: 50, onTarget: { billing: { orders: 50 } } });

    expect(status).toMatchObject({
      problems: [],
      topics: [{ seconds: 50, problems: [] }],
      heartbeat: { ageSeconds: 50 },
    });
    expect(status.asked[0]?.ageSeconds).toBe(15);
  });

  test('is watched for as long as was asked for, and not at all with 0', async () => {
    const scene = { topics, groups, onTarget: { billing: { orders: 50 } }, onTargetLater: { billing: { orders: 71 } } };
    const told: unknown[] = [];
    const watching = (...of: unknown[]) => told.push(of);

    expect((await statusOf(scene, { groupMs: 0, watching })).wrong).toBe(true);
    expect((await statusOf(scene, { groupMs: 2_000, watching })).wrong).toBe(false);
    expect(told).toEqual([[1, 2]]);
  });

  test('that is in no checkpoint yet is waited for until groups are listed anew, if that is soon', async () => {
    const scene = { topics, groups, onTarget: {}, checkpointed: [] };

    expect((await statusOf(scene)).groups[0]?.problems[0]).toContain('still after 75 s');
    expect(await statusOf({ ...scene, listMs: 600_000 })).toMatchObject({
      wrong: false,
      groups: [{ onTarget: { unlisted: true } }],
    });
  });
});

describe('the deployment', () => {
  test.each([
    ['of another file', { state: 'other-file' }, 'The file is not what was deployed'],
    [
      'that lacks a function',
      { state: 'missing', what: 'function causeway-us-east-to-us-west-checkpoint in us-west-2' },
      'there is no function causeway-us-east-to-us-west-checkpoint in us-west-2',
    ],
  ] as const)('%s is wrong, though nothing is behind', async (_, deployed, problem) => {
    const status = await statusOf({ topics: { orders: orders([9, 9]) }, deployed });
    const { exitCode, text } = statusAnswer([status], false);

    expect(exitCode).toBe(1);
    expect(status.problems).toEqual([expect.stringContaining(problem)]);
    expect(text(UNSTYLED).split('\n')[0]).toBe('us-east->us-west  wrong: the flow; 1 topic, no groups');
  });

  test('that may not be asked about is not known, and not wrong', async () => {
    const status = await statusOf({ deployed: { state: 'unknown', because: 'AccessDeniedException' } });

    expect(status.wrong).toBe(false);
    expect(statusAnswer([status], false).text(UNSTYLED)).toContain('AccessDeniedException');
  });
});

describe('checkpoints', () => {
  const topics = { orders: orders([100, 100]) };
  const groups = { billing: { orders: 70 } };
  const onTarget = { billing: { orders: 70 } };

  test('that agree with the groups are well, however old: they are written only on change', async () => {
    const status = await statusOf({ topics, groups, checkpoint: 999.9 });

    expect(status).toMatchObject({ wrong: false, checkpointsAgree: { groups: 1, missing: [] } });
    expect(statusAnswer([status], false).text(UNSTYLED)).toContain(
      'checkpoint  as 1 group committed; the last was written 999.9 s ago',
    );
  });

  test('that are due and not written are wrong, however young the last one is', async () => {
    const status = await statusOf({ topics, groups, onTarget, checkpointed: [checkpointed('billing', 'orders', 60)] });

    expect(status).toMatchObject({ wrong: true, checkpointsAgree: { missing: ['billing in us-east.orders-0'] } });
    expect(status.problems).toEqual([
      'the checkpoints of a group (billing in us-east.orders-0) are not as it committed, and none was written within 15 s: see the log of the function checkpoint',
    ]);
  });

  test('that come at the next tick, for a group that has gone on meanwhile, are right', async () => {
    const status = await statusOf({
      ...{ topics, groups, onTarget, checkpointed: [checkpointed('billing', 'orders', 60)] },
      checkpointedLater: [checkpointed('billing', 'orders', 75)],
    });

    expect(status).toMatchObject({ wrong: false, checkpointsAgree: { groups: 1, missing: [] } });
  });

  test('are not compared with groups whose places nobody knows', async () => {
    const status = await statusOf({ topics, groups, checkpoint: 9, lost: ['table'] });

    expect(status.checkpointsAgree).toBeUndefined();
    expect(statusAnswer([status], false).text(UNSTYLED)).toContain('checkpoint  9 s old');
  });
});

test.each([
  ['that is older than the limit is wrong', 1_000, 61, true],
  ['is not missed before ten are missing', 30_000, 61, false],
])('a heartbeat %s', async (_, heartbeatMs, heartbeat, wrong) => {
  const status = await statusOf({ heartbeatMs, heartbeat });

  expect(status.wrong).toBe(wrong);
  if (wrong) expect(status.problems[0]).toContain('the newest heartbeat of us-east is 61 s old, more than 60 s');
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
    groups: { billing: { orders: 1 } },
    checkpointed: [checkpointed('billing', 'orders', 70, NOW - 90_000)],
    onTarget: { billing: { orders: 70 } },
  });

  expect(status.groups).toEqual([
    expect.objectContaining({ group: 'billing', translated: 1, records: undefined, checkpointAgeSeconds: 90 }),
  ]);
  expect(status.wrong).toBe(true);
  expect(statusAnswer([status], false).text(UNSTYLED)).toContain(
    'billing  not known; at its place on us-west, by its checkpoints of 90 s ago',
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

test('what is safe and what to do are not those of a function', () => {
  const report = reportError(new KafkaDeadlineError('us-east', 'Metadata'), false);

  expect(report).toMatchObject({
    safe: 'Replication does not hang on this command: it goes on as it did.',
    next: 'Nothing, if it is rare. Otherwise look at the request times of the cluster.',
  });
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
  ).toBe(`us-east->us-west  wrong: topic orders; 150 records, 12.3 s behind; 2 topics, 1
                  group
  offset map  asked 0 s ago
  us-east     asked 0 s ago
  us-west     asked 0 s ago
  groups      asked 0 s ago
  heartbeat   2 s old
  checkpoint  as 1 group committed; the last was written 1 s ago
  topics
    orders  150 records, 12.3 s behind, most in partition 0; us-east.orders
            more than 100 records behind
    clicks  nothing behind; us-east.clicks
  groups
    billing  190 records, 12.3 s behind; at its place on us-west`);
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
  [['status', '--watch', '--every', '0'], '--every 0 is no whole number from 1'],
  [['status', '--every', '5'], '--every goes with --watch'],
  [['status', '--watch', '--json'], '--json tells one reading, and --watch many'],
  [['status', '--watch', '--html', 'x.html'], '--html tells one reading, and --watch many'],
])('%j is refused', async (args, message) => {
  const { exitCode, err } = await causeway(args, properties('topics = orders'));

  expect(exitCode).toBe(2);
  expect(err).toContain(message);
});
