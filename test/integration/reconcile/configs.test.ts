import { ConfigResourceTypes } from 'kafkajs';
import { expect, test } from 'vitest';
import { createTopics } from '../../../local/region/create-topics.ts';
import { makeRemoteTopic } from '../../../shared/reconcile/configs/make-topic.ts';
import { syncConfigs } from '../../../shared/reconcile/configs/sync-configs.ts';
import { look } from '../../../shared/reconcile/reconcile.ts';
import { Scene } from './scene.ts';

/**
 * What a topic of the target has of its own, by a client that is not ours. To be asked until it is so: brokers hear of a
 * change one after the other.
 */
async function ownConfigs({ target }: Scene, topic: string): Promise<Record<string, string>> {
  const { resources } = await target.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
  });
  const TOPIC_SOURCE = 1;
  const own = resources[0]?.configEntries.filter(({ configSource }) => Number(configSource) === TOPIC_SOURCE) ?? [];
  return Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue]));
}

const entry = (name: string, value: string) => ({ name, value });

test('a remote topic is made with the settings of its source and follows them; what is excluded stays as it is', async () => {
  const scene = await Scene.set();
  const topic = scene.topic('orders');
  const remote = `us-east.${topic}`;
  const configEntries = [entry('cleanup.policy', 'compact'), entry('min.insync.replicas', '1')];
  await createTopics(scene.source, [{ topic, configEntries }]);
  await scene.settle();
  await expect.poll(() => ownConfigs(scene, remote)).toEqual({ 'cleanup.policy': 'compact' });

  // kafkajs replaces all of a topic's settings: the policy goes, two others come.
  await scene.source.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: ConfigResourceTypes.TOPIC,
        name: topic,
        configEntries: [entry('retention.ms', '86400000'), entry('max.message.bytes', '2000000')],
      },
    ],
  });
  await scene.target.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: ConfigResourceTypes.TOPIC,
        name: remote,
        configEntries: [entry('cleanup.policy', 'compact'), entry('min.insync.replicas', '1')],
      },
    ],
  });
  await scene.ports.registry.setFlow({ state: 'deployed', deployment: 'second' });
  const { inStep } = await look(scene.wanted, scene.ports);

  expect(inStep).toMatchObject({ configs: { drifted: 3, complete: true }, errors: [] });
  await expect
    .poll(() => ownConfigs(scene, remote))
    .toEqual({
      'retention.ms': '86400000',
      'max.message.bytes': '2000000',
      'min.insync.replicas': '1',
    });
  await scene.ports.registry.setFlow({ state: 'deployed', deployment: 'third' });
  expect((await look(scene.wanted, scene.ports)).inStep.configs).toMatchObject({ compared: 1, drifted: 0 });
  expect((await look(scene.wanted, scene.ports)).inStep.configs).toBeUndefined();
});

test('a setting that the brokers do not take keeps a topic from nothing: it is made, and the others are set', async () => {
  const scene = await Scene.set();
  const name = `us-east.${scene.topic('orders')}`;
  const configs = { 'no.such.setting': '1', 'retention.ms': '1000', 'segment.bytes': '-7' };

  const made = await makeRemoteTopic(
    scene.flow,
    'orders',
    { name, partitions: 1, replicationFactor: 1, configs },
    scene.ports.target,
  );

  expect(made.topicId).toMatch(/^[\w-]{22}$/);
  expect(made.errors.map((error) => [error.code, Reflect.get(error, 'key')])).toEqual([
    ['CONFIG_REFUSED', 'no.such.setting'],
    ['CONFIG_REFUSED', 'segment.bytes'],
  ]);
  await expect.poll(() => ownConfigs(scene, name)).toEqual({ 'retention.ms': '1000' });
});

test('values that the target refuses are told one by one, those of topics that are gone not at all', async () => {
  const scene = await Scene.set();
  const [good, bad, gone] = ['good', 'bad', 'gone'].map((name) => scene.topic(name));
  if (!good || !bad || !gone) throw new Error('three topics');
  const pair = (topic: string) => ({ topic, remoteTopic: `us-east.${topic}` });
  await Promise.all([
    createTopics(
      scene.source,
      [good, bad].map((topic) => ({ topic, configEntries: [entry('retention.ms', '1000')] })),
    ),
    createTopics(
      scene.target,
      [good, bad].map((topic) => ({ topic: `us-east.${topic}` })),
    ),
  ]);
  const { source, target } = scene.ports;
  const describeConfigs: typeof source.describeConfigs = async (topics) => {
    const described = await source.describeConfigs(topics);
    const entries = described.get(bad);
    if (entries === undefined || entries instanceof Error) throw new Error(`${bad} was not described`);
    const wrong = { value: '-7', source: 'topic', readOnly: false, sensitive: false } as const;
    return new Map([...described, [bad, new Map([...entries, ['segment.bytes', wrong]])]]);
  };

  const sync = await syncConfigs(scene.flow, [good, bad, gone].map(pair), scene.wanted.configs.rules, {
    source: { ...source, describeConfigs },
    target,
  });

  expect(sync).toMatchObject({ compared: 3, drifted: 3, errors: [{ code: 'CONFIG_REFUSED', key: 'segment.bytes' }] });
  expect(sync.errors[0]?.message).toContain(`${bad}: ${scene.flow.target} does not take segment.bytes`);
  for (const topic of [good, bad])
    await expect.poll(() => ownConfigs(scene, `us-east.${topic}`)).toEqual({ 'retention.ms': '1000' });
});
