import { expect, test } from 'vitest';
import { Scene } from './mapping.ts';

const filters = (...patterns: object[]) => ({
  FilterCriteria: { Filters: patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) },
});

test('records that match none of the filters are not sent, and committed', async () => {
  const scene = await Scene.set();
  const bodies = [{ kind: 'order' }, { kind: 'refund' }, { kind: 'order', large: true }, { kind: 'click' }];
  await scene.cluster.produce(scene.topic, ...bodies.map((body) => JSON.stringify(body)));

  const mapping = await scene.map(filters({ value: { kind: ['refund'] } }, { value: { large: [true] } }));
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.offsets).toEqual([1, 2]);
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [4]);
  expect(scene.fn.unseen).toBe(0);
});

test('what is no JSON is matched as text, and null, which a tombstone has, as null', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(
    scene.topic,
    { partition: 0, key: 'a', value: 'plain' },
    { partition: 0, key: 'b', value: 'other' },
    { partition: 0, key: 'c', value: null },
    { partition: 0, key: 'd', value: '' },
  );

  await scene.map(filters({ value: ['plain', null] }, { key: ['d'] }));
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.offsets).toEqual([0, 2, 3]);
});

test('filters can be taken away, and hold no longer then', async () => {
  const scene = await Scene.set();
  const mapping = await scene.map(filters({ key: ['wanted'] }));
  await scene.cluster.produce(scene.topic, { partition: 0, key: 'unwanted', value: 'a' });
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [1]);

  await mapping.update({ FilterCriteria: { Filters: [] } });
  await mapping.untilState('Enabled');
  await scene.cluster.produce(scene.topic, { partition: 0, key: 'unwanted', value: 'b' });
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.values).toEqual(['b']);
});
