import { expect, test } from 'vitest';
import { createTopics } from '../../../local/region/create-topics.ts';
import { type LookReport, look } from '../../../shared/reconcile/reconcile.ts';
import { Scene } from './scene.ts';

test('a new topic is delivered to replicate, from its first record on', async () => {
  const scene = await Scene.set();
  const topic = scene.topic('orders');
  await createTopics(scene.source, [{ topic, numPartitions: 3 }]);
  await scene.producer.send({ topic, messages: [{ value: 'first', partition: 1 }] });

  await scene.settle();

  expect(await scene.remotePartitions(topic)).toBe(3);
  await expect.poll(() => scene.delivered(topic, 1), { timeout: 20_000 }).toEqual([0, 1, 0]);
});

test('a topic that does not begin at its start is delivered from where it ended when it was first seen', async () => {
  const scene = await Scene.set();
  const topic = scene.topic('orders');
  await createTopics(scene.source, [{ topic, numPartitions: 2 }]);
  const send = (partition: number, count: number) =>
    scene.producer.send({ topic, messages: Array.from({ length: count }, (_, i) => ({ value: `${i}`, partition })) });
  await send(0, 3);
  const latest = { ...scene.wanted, start: 'LATEST' } as const;

  // The mapping is made, and nothing is delivered yet: what is written now is not passed over.
  await scene.settle(latest);
  await send(1, 2);

  expect(await scene.ports.registry.read(topic)).toMatchObject({ begins: [3, 0] });
  await expect.poll(() => scene.delivered(topic, 1), { timeout: 20_000 }).toEqual([3, 2]);

  // Without its mapping and its commits it is as idle partitions are after a week.
  const item = await scene.ports.registry.read(topic);
  if (item === undefined) throw new Error('not noted');
  for (const { uuid } of await scene.mappings()) await scene.ports.mappings.remove(uuid);
  await expect.poll(() => scene.mappings(), { timeout: 20_000 }).toEqual([]);
  await scene.source.deleteGroups([item.consumerGroup]);
  await scene.settle(latest);

  await expect.poll(() => scene.delivered(topic, 1), { timeout: 20_000 }).toEqual([3, 2]);
});

test('a topic that begins at a time is delivered from its first record since', async () => {
  const scene = await Scene.set();
  const topic = scene.topic('orders');
  await createTopics(scene.source, [{ topic, numPartitions: 2 }]);
  const messages = [1_000, 2_000, 3_000].map((at) => ({ value: `${at}`, timestamp: String(at), partition: 0 }));
  await scene.producer.send({ topic, messages: [...messages, { value: 'old', timestamp: '1', partition: 1 }] });

  await scene.settle({ ...scene.wanted, start: { atMs: 1_500 } });

  expect(await scene.ports.registry.read(topic)).toMatchObject({ begins: [1, 1] });
});

test('what Lambda shows of a mapping is what was asked for, so that a second look changes nothing', async () => {
  const scene = await Scene.set();
  await createTopics(scene.source, [{ topic: scene.topic('orders') }]);
  await scene.settle();

  const again = await look(scene.wanted, scene.ports);

  expect(again).toMatchObject({ covered: 1, rounds: 1, steps: [] });
  expect(await scene.mappings()).toMatchObject([{ settings: scene.wanted.settings, lossless: true }]);
});

test('two runs at once make one mapping a topic', async () => {
  const scene = await Scene.set();
  const topics = ['a', 'b', 'c'].map((name) => scene.topic(name));
  await createTopics(
    scene.source,
    topics.map((topic) => ({ topic })),
  );

  await Promise.all([look(scene.wanted, scene.ports), look(scene.wanted, scene.ports)]);
  await scene.settle();

  expect((await scene.mappings()).map(({ topic }) => topic).toSorted()).toEqual(topics);
});

test('a source topic made anew is delivered from its start under the next generation', async () => {
  const scene = await Scene.set();
  const topic = scene.topic('orders');
  const send = (...values: string[]) =>
    scene.producer.send({ topic, messages: values.map((value) => ({ value, partition: 0 })) });
  await createTopics(scene.source, [{ topic }]);
  await send('a', 'b', 'c');
  await scene.settle();
  await expect.poll(() => scene.delivered(topic, 1), { timeout: 20_000 }).toEqual([3]);
  const before = await scene.ports.registry.read(topic);

  await scene.source.deleteTopics({ topics: [topic] });
  await createTopics(scene.source, [{ topic }]);
  await send('d');
  await scene.settle();

  const item = await scene.ports.registry.read(topic);
  expect(item).toMatchObject({ generation: 2, targetTopicId: before?.targetTopicId });
  expect(item?.sourceTopicId).not.toBe(before?.sourceTopicId);
  expect((await scene.mappings()).map(({ group }) => group)).toEqual([item?.consumerGroup]);
  await expect.poll(() => scene.delivered(topic, 2), { timeout: 20_000 }).toEqual([1]);
});

test('partitions grow, settings change in place, and a topic that is no longer wanted loses its mapping', async () => {
  const scene = await Scene.set();
  const topic = scene.topic('orders');
  await createTopics(scene.source, [{ topic, numPartitions: 1 }]);
  await scene.settle();
  const [before] = await scene.mappings();

  await scene.source.createPartitions({ topicPartitions: [{ topic, count: 4 }] });
  const slower = { ...scene.wanted, settings: { ...scene.wanted.settings, batchSize: 7 } };
  await scene.settle(slower);

  expect(await scene.remotePartitions(topic)).toBe(4);
  expect(await scene.mappings()).toMatchObject([{ uuid: before?.uuid, settings: { batchSize: 7 } }]);

  await scene.settle({ ...scene.wanted, topics: { ...scene.wanted.topics, covers: () => false } });

  expect(await scene.mappings()).toEqual([]);
  expect(await scene.ports.registry.read(topic)).toMatchObject({ state: 'retired', generation: 1 });
});

test('partitions that are added in the middle are delivered from their first record on, and shrink nowhere', async () => {
  const scene = await Scene.set();
  const topic = scene.topic('orders');
  await createTopics(scene.source, [{ topic, numPartitions: 2 }]);
  await scene.settle();
  const send = (partition: number, count: number) =>
    scene.producer.send({ topic, messages: Array.from({ length: count }, (_, i) => ({ value: `${i}`, partition })) });
  await send(0, 5);
  await expect.poll(() => scene.delivered(topic, 1), { timeout: 20_000 }).toEqual([5, expect.any(Number)]);

  await scene.source.createPartitions({ topicPartitions: [{ topic, count: 4 }] });
  const end = async () => {
    const offsets = await scene.source.fetchTopicOffsets(topic);
    return Number(offsets.find(({ partition }) => partition === 3)?.high ?? 0);
  };
  // kafkajs drops what is for a partition that it has not heard of yet, and a producer asks every five minutes.
  const sendOne = async () => {
    await using producer = await scene.anotherProducer();
    return producer.send({ topic, messages: [{ value: 'new', partition: 3 }] }).then(end, () => 0);
  };
  await expect.poll(sendOne, { timeout: 20_000, interval: 500 }).toBeGreaterThan(3);
  await scene.settle();

  expect(await scene.remotePartitions(topic)).toBe(4);
  await expect.poll(async () => (await scene.delivered(topic, 1)).at(3), { timeout: 60_000 }).toBe(await end());
  expect((await scene.mappings()).length).toBe(1);

  // A copy that was given more partitions by hand keeps them.
  await scene.target.createPartitions({ topicPartitions: [{ topic: `us-east.${topic}`, count: 6 }] });
  await expect.poll(() => scene.remotePartitions(topic), { timeout: 20_000 }).toBe(6);
  const { steps } = await look(scene.wanted, scene.ports);
  expect(steps).toEqual([]);
}, 120_000);

test('a remote topic that somebody filled is reported when its source is first seen', async () => {
  const scene = await Scene.set();
  const topic = scene.topic('orders');
  await Promise.all([
    createTopics(scene.source, [{ topic }]),
    createTopics(scene.target, [{ topic: `us-east.${topic}` }]),
  ]);
  await scene.targetProducer.send({ topic: `us-east.${topic}`, messages: [{ value: 'somebody else' }] });

  const { steps } = await look(scene.wanted, scene.ports);

  expect(steps.flatMap(({ errors }) => errors.map(({ code }) => code))).toEqual(['REMOTE_TOPIC_NOT_EMPTY']);
});

test('what the broker or Lambda refuses of one topic is told with its code, and the other topics are copied', async () => {
  const scene = await Scene.set();
  const [good, taken, colliding] = ['good', 'taken', 'order.lines'].map((name) => scene.topic(name));
  if (!good || !taken || !colliding) throw new Error('three topics');
  await Promise.all([
    createTopics(
      scene.source,
      [good, taken, colliding].map((topic) => ({ topic })),
    ),
    createTopics(scene.target, [{ topic: `us-east.${colliding.replaceAll('.', '_')}` }]),
  ]);

  const tooManyReplicas = await look({ ...scene.wanted, replicationFactor: 3 }, scene.ports);
  expect(codes(tooManyReplicas)).toEqual([
    [good, 'KAFKA_INVALID_REPLICATION_FACTOR'],
    [colliding, 'REMOTE_NAME_COLLIDES'],
    [taken, 'KAFKA_INVALID_REPLICATION_FACTOR'],
  ]);

  const unknownCluster = { kind: 'msk', clusterArn: scene.unknownClusterArn } as const;
  const noMapping = await look({ ...scene.wanted, origin: unknownCluster }, scene.ports);
  expect(codes(noMapping)).toEqual([
    [good, 'MAPPING_INVALID'],
    [colliding, 'REMOTE_NAME_COLLIDES'],
    [taken, 'MAPPING_INVALID'],
  ]);

  const { topics } = await look(scene.wanted, scene.ports);
  expect(topics.flatMap(({ errors }) => errors.map(({ code }) => code))).toEqual(['REMOTE_NAME_COLLIDES']);
  expect((await scene.mappings()).map(({ topic }) => topic).toSorted()).toEqual([good, taken]);
});

const ONE = { partitions: 1, replicationFactor: 1, configs: {} };

test('the broker itself refuses a name that collides, with the same remedy', async () => {
  const scene = await Scene.set();
  await createTopics(scene.target, [{ topic: `${scene.prefix}_a_b` }]);

  await expect(scene.ports.target.create({ ...ONE, name: `${scene.prefix}.a.b` })).rejects.toMatchObject({
    code: 'KAFKA_INVALID_TOPIC',
    message: expect.stringContaining('collide'),
  });
});

function codes({ topics }: LookReport): string[][] {
  return topics.flatMap(({ plan, errors }) => errors.map(({ code }) => [plan.topic, code]));
}
