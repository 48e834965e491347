import { expect, test } from 'vitest';
import { startRegions } from '../../../local/region/regions.ts';
import { Cluster } from './cluster.ts';
import { eventually } from './eventually.ts';
import { Scene } from './mapping.ts';
import { region } from './region.ts';

test('a topic that does not exist yet is read from when it does', async () => {
  const scene = await Scene.set({ partitions: 0 });

  const mapping = await scene.map();
  await mapping.untilResult(/^PROBLEM: .*topic/i);
  await scene.cluster.createTopic(scene.topic);
  await scene.cluster.produce(scene.topic, 'a');
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.values).toEqual(['a']);
  await mapping.untilResult(/^OK$/);
});

test('a topic that is deleted and made anew is read from its start', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'old 0', 'old 1', 'old 2');
  const mapping = await scene.map({ BatchSize: 3 });
  (await scene.fn.nextCall()).succeed();
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [3]);

  await scene.cluster.admin.deleteTopics({ topics: [scene.topic] });
  await eventually(
    () => scene.cluster.admin.listTopics(),
    (topics) => !topics.includes(scene.topic),
  );
  await scene.cluster.createTopic(scene.topic);
  await scene.cluster.produce(scene.topic, ...Array.from({ length: 6 }, (_, index) => `new ${index}`));

  // Until the change is noticed, the consumer may go on from its old place.
  const fromStart = ['new 0', 'new 1', 'new 2', 'new 3', 'new 4', 'new 5'];
  const seen: (string | null)[] = [];
  while (JSON.stringify(seen.slice(-6)) !== JSON.stringify(fromStart)) {
    const call = await scene.fn.nextCall();
    seen.push(...call.values);
    call.succeed();
  }
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [6]);
});

test('partitions that are added are read from their start, and the others go on meanwhile', async () => {
  const scene = await Scene.set();
  const mapping = await scene.map({ StartingPosition: 'TRIM_HORIZON' });
  await scene.cluster.produce(scene.topic, 'a');
  const inFlight = await scene.fn.nextCall();

  await scene.cluster.addPartitions(scene.topic, 2);
  // A client that has not seen the topic smaller.
  await using fresh = await Cluster.connect(scene.cluster.bootstrapServers);
  await fresh.produce(scene.topic, { partition: 1, value: 'b' });
  const added = await scene.fn.nextCall();
  added.succeed();
  inFlight.succeed();

  expect(inFlight.values).toEqual(['a']);
  expect(added.values).toEqual(['b']);
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [1, 1]);
});

test('what retention removed before it was read is passed over', async () => {
  const scene = await Scene.set();
  await scene.cluster.produce(scene.topic, 'a', 'b', 'c');
  const mapping = await scene.map({ BatchSize: 1 });
  (await scene.fn.nextCall()).succeed();
  const inFlight = await scene.fn.nextCall();
  await mapping.update({ Enabled: false });
  inFlight.fail();
  await mapping.untilState('Disabled');
  await scene.cluster.admin.fetchTopicOffsets(scene.topic); // kafkajs deletes only from topics it has met
  await scene.cluster.admin.deleteTopicRecords({ topic: scene.topic, partitions: [{ partition: 0, offset: '2' }] });

  await mapping.enable();
  const call = await scene.fn.nextCall();
  call.succeed();

  expect(call.values).toEqual(['c']);
});

test('brokers that restart are read on from, nothing lost, nothing twice', { timeout: 120_000 }, async () => {
  await using own = await startRegions({
    clusters: [{ alias: 'restarting', awsRegion: region().cluster.awsRegion }],
    aws: false,
  });
  const scene = await Scene.set({ bootstrapServers: own.source.bootstrapServers });
  await scene.cluster.produce(scene.topic, 'a');
  const mapping = await scene.mapSelfManaged();
  const before = await scene.fn.nextCall();
  before.succeed();
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [1]);

  await own.killBroker('restarting', 1);
  await mapping.untilResult(/^PROBLEM: Connection error/);
  await own.startBroker('restarting', 1);
  await scene.cluster.produce(scene.topic, 'b');
  const after = await scene.fn.nextCall();
  after.succeed();

  expect(after.values).toEqual(['b']);
  await scene.cluster.untilCommitted(mapping.group, scene.topic, [2]);
  await mapping.untilResult(/^OK$/);
  await mapping.delete();
});
