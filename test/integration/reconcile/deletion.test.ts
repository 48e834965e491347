import { expect, test } from 'vitest';
import { createTopics } from '../../../local/region/create-topics.ts';
import { look } from '../../../shared/reconcile/reconcile.ts';
import { Scene } from './scene.ts';

test('the copy of a deleted topic is deleted after its grace period, unless somebody writes to it or made it', async () => {
  const scene = await Scene.set();
  const [gone, used, theirs, stays] = ['gone', 'used', 'theirs', 'stays'].map((name) => scene.topic(name));
  if (!gone || !used || !theirs || !stays) throw new Error('four topics');
  const wanted = { ...scene.wanted, deletedTopics: { action: 'delete', graceMs: 3_000 } } as const;
  await Promise.all([
    createTopics(
      scene.source,
      [gone, used, theirs, stays].map((topic) => ({ topic })),
    ),
    createTopics(scene.target, [{ topic: `us-east.${theirs}` }]),
  ]);
  await scene.settle(wanted);

  await scene.source.deleteTopics({ topics: [gone, used, theirs] });
  await expect
    .poll(
      async () => {
        await look(wanted, scene.ports);
        return Promise.all(
          [gone, used].map(async (topic) => (await scene.ports.registry.read(topic))?.deletion?.logEnds),
        );
      },
      { timeout: 20_000, interval: 200 },
    )
    .toEqual([0, 0]);
  await scene.targetProducer.send({ topic: `us-east.${used}`, messages: [{ value: 'somebody else' }] });

  const told = new Set<string>();
  await expect
    .poll(
      async () => {
        const { steps } = await look(wanted, scene.ports);
        for (const { errors, plan } of steps) for (const { code } of errors) told.add(`${plan.topic} ${code}`);
        const { topics } = await scene.target.fetchTopicMetadata();
        const copies = topics.map(({ name }) => name).filter((name) => name.startsWith(`us-east.${scene.prefix}`));
        return { copies: copies.sort(), told: [...told] };
      },
      { timeout: 20_000, interval: 200 },
    )
    // Each has a grace period of its own: the one is told of before or after the other is deleted.
    .toEqual({
      copies: [stays, theirs, used].map((topic) => `us-east.${topic}`).sort(),
      told: [`${used} REMOTE_TOPIC_IN_USE`],
    });
}, 60_000);

test('a topic that exists and one that does not are told apart by name', async () => {
  const scene = await Scene.set();
  const topic = scene.topic('orders');
  await createTopics(scene.source, [{ topic }]);

  expect(await scene.ports.source.presence(topic)).toBe('there');
  expect(await scene.ports.source.presence(scene.topic('never'))).toBe('gone');
});
