import { expect, test } from 'vitest';
import { Scene } from './mapping.ts';
import type { Call } from './remote-function.ts';

const MEBIBYTE = 2 ** 20;
const numbered = (count: number, partition = 0) =>
  Array.from({ length: count }, (_, index) => ({ partition, value: `${partition}:${index}` }));

test('a batch holds BatchSize records at most, and the next one begins where it ended', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, ...numbered(25));

  const mapping = await scene.map({ BatchSize: 10 });
  const sizes: number[] = [];
  const offsets: number[] = [];
  while (offsets.length < 25) {
    const call = await scene.fn.nextCall();
    sizes.push(call.offsets.length);
    offsets.push(...call.offsets);
    call.succeed();
  }

  expect(sizes).toEqual([10, 10, 5]);
  expect(offsets).toEqual([...Array(25).keys()]);
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [25]);
});

test('a partition has one batch in flight: the next waits for the answer', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, ...numbered(2));

  await scene.map({ BatchSize: 1 });
  const first = await scene.fn.nextCall();
  await expect(scene.fn.nextCall(1_000)).rejects.toThrow('No invocation');
  first.succeed();
  const second = await scene.fn.nextCall();
  second.succeed();

  expect([first.offsets, second.offsets]).toEqual([[0], [1]]);
});

test('partitions go on side by side, each invocation in an environment of its own', async () => {
  const scene = await Scene.set({ partitions: 2 });
  await scene.cluster.produce(scene.topic, ...numbered(1, 0));

  await scene.map();
  const held = await scene.fn.nextCall();
  await scene.cluster.produce(scene.topic, ...numbered(1, 1));
  const other = await scene.fn.nextCall();

  expect(held.partitions).toEqual([`${scene.topic}-0`]);
  expect(other.partitions).toEqual([`${scene.topic}-1`]);
  expect(other.invocation.pid).not.toBe(held.invocation.pid);
  held.succeed();
  other.succeed();
});

test('partitions that are ready at the same time share an event', async () => {
  const scene = await Scene.set({ partitions: 3 });
  await scene.cluster.produce(scene.topic, ...numbered(4, 0), ...numbered(4, 1), ...numbered(4, 2));

  const mapping = await scene.map({ BatchSize: 12, MaximumBatchingWindowInSeconds: 5 });
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.partitions.sort()).toEqual([0, 1, 2].map((partition) => `${scene.topic}-${partition}`));
  for (const records of Object.values(call.event.records)) {
    expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
  }
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [4, 4, 4]);
});

test('the window gathers records, and ends early when BatchSize is reached', async () => {
  const scene = await Scene.set();
  await scene.map({ BatchSize: 3, MaximumBatchingWindowInSeconds: 3 });

  const started = Date.now();
  await scene.cluster.produce(scene.topic, 'a');
  await scene.cluster.produce(scene.topic, 'b');
  const byTime = await scene.fn.nextCall();
  const waitedMs = Date.now() - started;
  byTime.succeed();
  await scene.cluster.produce(scene.topic, 'c', 'd', 'e');
  const bySize = await scene.fn.nextCall(2_500);
  bySize.succeed();

  expect(byTime.values).toEqual(['a', 'b']);
  expect(waitedMs).toBeGreaterThanOrEqual(3_000);
  expect(bySize.values).toEqual(['c', 'd', 'e']);
});

test('the window is half a second when none is given', async () => {
  const scene = await Scene.set();
  await scene.mapWithDefaultWindow();

  const started = Date.now();
  await scene.cluster.produce(scene.topic, 'a');
  const call = await scene.fn.nextCall();
  const waitedMs = Date.now() - started;
  call.succeed();

  expect(waitedMs).toBeGreaterThanOrEqual(500);
});

test('an event stays below 6 MB, and what did not fit comes in the next one', async () => {
  const scene = await Scene.set({ partitions: 0, fn: { MemorySize: 512 } });
  await scene.cluster.createTopic(scene.topic, 1, { 'max.message.bytes': String(6 * MEBIBYTE) });
  const value = Buffer.alloc(700_000, 'x');
  for (let index = 0; index < 10; index++) await scene.cluster.produce(scene.topic, { partition: 0, value });

  await scene.map({ BatchSize: 10_000, MaximumBatchingWindowInSeconds: 2 });
  const calls: Call[] = [];
  while (calls.flatMap(({ offsets }) => offsets).length < 10) {
    const call = await scene.fn.nextCall();
    calls.push(call);
    call.succeed();
  }

  const sizes = calls.map(({ event }) => Buffer.byteLength(JSON.stringify(event)));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(6 * MEBIBYTE);
  // Six of these records are 5.6 MB as base64, seven would be 6.5.
  expect(calls.map(({ offsets }) => offsets.length)).toEqual([6, 4]);
});

test('a record that no event can hold stops its partition there, and the result says which', async () => {
  const scene = await Scene.set({ partitions: 0 });
  await scene.cluster.createTopic(scene.topic, 2, { 'max.message.bytes': String(8 * MEBIBYTE) });
  await scene.cluster.produce(scene.topic, 'before');
  await scene.cluster.produce(scene.topic, { partition: 0, value: Buffer.alloc(5 * MEBIBYTE) });
  await scene.cluster.produce(scene.topic, 'after');

  const mapping = await scene.map();
  const before = await scene.fn.nextCall();
  before.succeed();
  const result = await mapping.untilResult(/maximum event size/);
  await scene.cluster.produce(scene.topic, { partition: 1, value: 'other partition' });
  const other = await scene.fn.nextCall();
  other.succeed();

  expect(before.values).toEqual(['before']);
  expect(result).toContain(`${scene.topic}-0 offset 1`);
  expect(other.values).toEqual(['other partition']);
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [1, 1]);
  expect((await mapping.get()).LastProcessingResult).toBe(result);
  expect(scene.fn.unseen).toBe(0);
});

test('40,000 records of four partitions arrive once, each partition in order', async () => {
  const scene = await Scene.set({ partitions: 4, fn: { MemorySize: 512 } });
  for (const partition of [0, 1, 2, 3]) await scene.cluster.produce(scene.topic, ...numbered(10_000, partition));
  const offsets = new Map<number, number[]>();
  scene.fn.onCall((call) => {
    for (const { partition, offset } of call.records) {
      const seen = offsets.get(partition) ?? [];
      offsets.set(partition, seen);
      seen.push(offset);
    }
    call.succeed();
  });

  const mapping = await scene.map({ BatchSize: 10_000 });
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [10_000, 10_000, 10_000, 10_000]);

  for (const partition of [0, 1, 2, 3]) expect(offsets.get(partition)).toEqual([...Array(10_000).keys()]);
});
