import { expect, test } from 'vitest';
import { Scene } from './mapping.ts';

test('TRIM_HORIZON begins with the oldest record', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'a', 'b');

  await scene.map({ StartingPosition: 'TRIM_HORIZON' });
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.values).toEqual(['a', 'b']);
});

test('LATEST begins after what is there, and an idle mapping keeps that place while it is disabled', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'before');

  const mapping = await scene.map({ StartingPosition: 'LATEST' });
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [1]);
  await mapping.disable();
  await scene.cluster.produce(scene.topic, 'after');
  await mapping.enable();
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.values).toEqual(['after']);
});

test('AT_TIMESTAMP begins with the first record of that time or later', async () => {
  const scene = await Scene.set({ partitions: 2 });
  const at = (seconds: number) => String((1_700_000_000 + seconds) * 1000);
  await scene.cluster.produce(
    scene.topic,
    { partition: 0, value: 'too early', timestamp: at(0) },
    { partition: 0, value: 'in time', timestamp: at(20) },
    { partition: 1, value: 'all too early', timestamp: at(5) },
  );

  const mapping = await scene.map({
    StartingPosition: 'AT_TIMESTAMP',
    StartingPositionTimestamp: new Date(Number(at(10))),
  });
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.values).toEqual(['in time']);
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [2, 1]);
});

test('a group that has commits begins there, whatever StartingPosition says', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'a', 'b', 'c');
  const group = `${scene.topic}-group`;
  const partitions = [{ partition: 0, offset: '2' }];
  await scene.cluster.admin.setOffsets({ groupId: group, topic: scene.topic, partitions });

  await scene.map({ AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: group } });
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.values).toEqual(['c']);
});

test('disabling waits for the batch in flight, and enabling resumes after it', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'a', 'b');

  const mapping = await scene.map({ BatchSize: 1 });
  const inFlight = await scene.fn.nextCall();
  const disabling = await mapping.update({ Enabled: false });
  expect(disabling.State).toBe('Disabling');
  await expect(scene.fn.nextCall(500)).rejects.toThrow('No invocation');
  expect((await mapping.get()).State).toBe('Disabling');
  inFlight.succeed();
  await mapping.untilState('Disabled');

  expect(await scene.cluster.committed(mapping.group, scene.topic)).toEqual([1]);
  expect(await scene.cluster.groupState(mapping.group)).toBe('Empty');
  await mapping.enable();
  const next = await scene.fn.nextCall();
  next.succeed();
  expect(next.values).toEqual(['b']);
});

test('disabling gives up a batch that keeps failing; it comes again after enabling', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'poison');
  const mapping = await scene.map();
  (await scene.fn.nextCall()).fail();
  (await scene.fn.nextCall()).fail();
  const third = await scene.fn.nextCall();
  await mapping.update({ Enabled: false });
  third.fail();

  await mapping.untilState('Disabled');
  expect(scene.fn.unseen).toBe(0);
  expect(await scene.cluster.committed(mapping.group, scene.topic)).toEqual([0]);
  await mapping.enable();
  const again = await scene.fn.nextCall();
  again.succeed();
  expect(again.values).toEqual(['poison']);
});

test('deleting a mapping leaves the commits of its group, which the next mapping of that group obeys', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'a');
  const config = { AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: `${scene.topic}-group` } };
  const first = await scene.map(config);
  (await scene.fn.nextCall()).succeed();
  await scene.cluster.untilCommitted(first.group, scene.topic, [1]);

  await first.delete();
  expect(await scene.cluster.committed(first.group, scene.topic)).toEqual([1]);
  expect(await scene.cluster.groupState(first.group)).toBe('Empty');
  await scene.cluster.produce(scene.topic, 'b');
  await scene.map(config);
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.values).toEqual(['b']);
});
