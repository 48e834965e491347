import { expect, test } from 'vitest';
import { Scene } from './mapping.ts';

const partial = { FunctionResponseTypes: ['ReportBatchItemFailures' as const] };

test('a batch whose function throws comes again, and is committed only after a success', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'a', 'b');

  const mapping = await scene.map();
  for (let attempt = 1; attempt <= 3; attempt++) {
    const call = await scene.fn.nextCall();
    expect(call.values).toEqual(['a', 'b']);
    call.fail();
  }
  await mapping.untilResult(/^PROBLEM: Function call failed$/);
  const last = await scene.fn.nextCall();
  // The starting position is committed; the batch is not.
  expect(await scene.cluster.committed(mapping.group, scene.topic)).toEqual([0]);
  last.succeed();

  await scene.cluster.untilCommitted(mapping.group, scene.topic, [2]);
  await mapping.untilResult(/^OK$/);
});

test('a failing partition does not hold up another one', async () => {
  const scene = await Scene.set({ partitions: 2 });
  await scene.cluster.produce(scene.topic, 'poison');
  const mapping = await scene.map();
  const poisoned = await scene.fn.nextCall();
  scene.fn.onCall((call) => (call.partitions.includes(`${scene.topic}-0`) ? call.fail() : call.succeed()));
  poisoned.fail();

  await scene.cluster.produce(scene.topic, { partition: 1, value: 'fine' });

  await scene.cluster.untilCommitted(mapping.group, scene.topic, [0, 1]);
});

test('a function that times out is ended, and its batch comes again to another process', async () => {
  const scene = await Scene.set({ fn: { Timeout: 1 } });
  await scene.cluster.produce(scene.topic, 'slow');

  const mapping = await scene.map();
  const first = await scene.fn.nextCall();
  first.hang();
  const second = await scene.fn.nextCall();
  second.succeed();

  expect(second.values).toEqual(['slow']);
  expect(second.invocation.pid).not.toBe(first.invocation.pid);
  expect(() => process.kill(first.invocation.pid, 0)).toThrow('ESRCH');
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [1]);
});

test('a function whose process exits gets its batch again in another one', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'a');

  const mapping = await scene.map();
  const first = await scene.fn.nextCall();
  first.crash();
  const second = await scene.fn.nextCall();
  second.succeed();

  expect(second.values).toEqual(['a']);
  expect(second.invocation.pid).not.toBe(first.invocation.pid);
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [1]);
});

test('a partial batch response commits what is before the first failed record and sends the rest again', async () => {
  const scene = await Scene.set({ partitions: 2 });
  await scene.cluster.produce(scene.topic, 'a', 'b', 'c', 'd', { partition: 1, value: 'other' });

  const mapping = await scene.map({ ...partial, BatchSize: 5, MaximumBatchingWindowInSeconds: 5 });
  const whole = await scene.fn.nextCall();
  expect(whole.records).toHaveLength(5);
  whole.reportFailed({ partition: `${scene.topic}-0`, offset: 3 }, { partition: `${scene.topic}-0`, offset: 2 });
  const rest = await scene.fn.nextCall();
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [2, 1]);

  expect(rest.values).toEqual(['c', 'd']);
  rest.reportFailed();
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [4, 1]);
});

test.each([
  ['an unknown partition', { batchItemFailures: [{ itemIdentifier: { partition: 'foreign-0', offset: 1 } }] }],
  ['an offset that is not in the batch', (topic: string) => failing(`${topic}-0`, 7)],
  ['an identifier that is text', (topic: string) => ({ batchItemFailures: [{ itemIdentifier: `${topic}-0:1` }] })],
  ['no identifier', { batchItemFailures: [{}] }],
  ['a text', 'fine'],
])('an answer with %s means the whole batch again', async (_what, answer) => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'a', 'b');

  const mapping = await scene.map({ ...partial, BatchSize: 2, MaximumBatchingWindowInSeconds: 5 });
  const first = await scene.fn.nextCall();
  first.succeed(typeof answer === 'function' ? answer(scene.topic) : answer);
  const again = await scene.fn.nextCall();
  again.succeed();

  expect([first.values, again.values]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [2]);
});

test.each([[null], [{}], [{ batchItemFailures: [] }], [{ batchItemFailures: null }]])(
  'the answer %j means that everything is done',
  async (answer) => {
    const scene = await Scene.set();
    await scene.cluster.produce(scene.topic, 'a');

    const mapping = await scene.map(partial);
    const call = await scene.fn.nextCall();
    call.succeed(answer);

    await scene.cluster.untilCommitted(mapping.group, scene.topic, [1]);
    expect(scene.fn.unseen).toBe(0);
  },
);

test('MaximumRetryAttempts gives a batch up after that many retries', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'poison');

  const mapping = await scene.map({ MaximumRetryAttempts: 1 });
  for (let attempt = 0; attempt < 2; attempt++) (await scene.fn.nextCall()).fail();
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [1]);
  await scene.cluster.produce(scene.topic, 'next');
  const next = await scene.fn.nextCall();
  next.succeed();

  expect(next.values).toEqual(['next']);
});

test('MaximumRecordAgeInSeconds gives up what is older, and only that', async () => {
  const scene = await Scene.set();
  const old = String(Date.now() - 120_000);
  await scene.cluster.produce(scene.topic, { partition: 0, value: 'old', timestamp: old }, 'young');

  const mapping = await scene.map({ MaximumRecordAgeInSeconds: 60 });
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.values).toEqual(['young']);
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [2]);
});

function failing(partition: string, offset: number): unknown {
  return { batchItemFailures: [{ itemIdentifier: { partition, offset } }] };
}
