import { expect, test } from 'vitest';
import { look, lookRepeatedly } from '../../../shared/reconcile/reconcile.ts';
import { expectSettled, settle } from './settled.ts';
import { SETTINGS, World, wanted } from './world.ts';

const told = { looked: () => {}, failed: () => {} };

test('a new topic gets its remote topic, its item and its mapping in one look', async () => {
  const world = new World();
  world.makeSource('orders', 3);

  const report = await look(wanted(), world.ports());

  expect(world.target.get('us-east.orders')).toMatchObject({ partitions: 3 });
  expect(world.items.get('orders')).toMatchObject({ generation: 1, state: 'active', sourceTopicId: 's1' });
  expect(world.created).toMatchObject([{ topic: 'orders', group: 'causeway.us-east.us-west.orders.g1' }]);
  expect(report.steps.flatMap((step) => step.errors)).toEqual([]);
});

test('a source topic made anew is copied under a new generation, group and from its start, after the drain', async () => {
  const world = new World();
  const want = wanted();
  world.makeSource('orders');
  await settle(world, want);
  world.makeSource('orders');

  await look(want, world.ports());
  expect(world.items.get('orders')).toMatchObject({ state: 'draining', generation: 1 });
  expect(world.of('orders')).toMatchObject([{ phase: 'deleting' }]);

  await settle(world, want);
  expect(world.items.get('orders')).toMatchObject({ state: 'active', generation: 2 });
  expect(world.created.at(-1)).toMatchObject({ group: 'causeway.us-east.us-west.orders.g2' });
  expect(world.commits.has('causeway.us-east.us-west.orders.g2')).toBe(false);
  expectSettled(world, want);
});

test('a target topic that was deleted is made anew only after the drain, and filled from the start', async () => {
  const world = new World();
  const want = wanted();
  world.makeSource('orders');
  await settle(world, want);
  world.target.delete('us-east.orders');

  await look(want, world.ports());
  world.pass(10_000);
  await look(want, world.ports());
  world.pass(10_000);
  await look(want, world.ports());
  expect(world.target.has('us-east.orders')).toBe(false);

  await settle(world, want);
  expect(world.items.get('orders')).toMatchObject({ state: 'active', generation: 2 });
  expectSettled(world, want);
});

test('a topic that is no longer covered loses its mapping; covered again it resumes under the same group', async () => {
  const world = new World();
  world.makeSource('orders');
  await settle(world, wanted());
  const none = wanted({ topics: { covers: () => false, remoteTopic: (topic) => `us-east.${topic}` } });

  await settle(world, none);
  expect(world.listMappings()).toEqual([]);
  expect(world.items.get('orders')).toMatchObject({ state: 'retired', generation: 1 });

  await settle(world, wanted());
  expect(world.items.get('orders')).toMatchObject({ state: 'active', generation: 1 });
  expect(world.created.at(-1)).toMatchObject({ group: 'causeway.us-east.us-west.orders.g1' });
});

test('a remote topic that holds records when a topic is first seen is reported, on a one-way flow only', async () => {
  for (const twoWay of [false, true]) {
    const world = new World();
    world.makeSource('orders');
    world.target.set('us-east.orders', { name: 'us-east.orders', id: 'old', partitions: 1, internal: false });
    world.occupied.add('us-east.orders');

    const report = await look(wanted({ twoWay }), world.ports());

    const codes = report.steps.flatMap((step) => step.errors.map((error) => error.code));
    expect(codes).toEqual(twoWay ? [] : ['REMOTE_TOPIC_NOT_EMPTY']);
  }
});

test('partitions grow with the source and never shrink', async () => {
  const world = new World();
  world.makeSource('orders', 2);
  world.target.set('us-east.orders', { name: 'us-east.orders', id: 't', partitions: 4, internal: false });
  await settle(world, wanted());
  expect(world.target.get('us-east.orders')?.partitions).toBe(4);

  world.source.set('orders', { name: 'orders', id: 's1', partitions: 6, internal: false });
  await settle(world, wanted());
  expect(world.target.get('us-east.orders')?.partitions).toBe(6);
  expect(world.items.get('orders')?.partitions).toBe(6);
});

test('changed settings update the mapping in place; another bootstrap list replaces it under the same group', async () => {
  const world = new World();
  const selfManaged = (bootstrapServers: string[]) => wanted({ origin: { kind: 'self-managed', bootstrapServers } });
  world.makeSource('orders');
  await settle(world, selfManaged(['a:9092']));
  const before = world.of('orders')[0]?.uuid;

  const slower = { ...selfManaged(['a:9092']), settings: { ...SETTINGS, batchSize: 5 } };
  await settle(world, slower);
  expect(world.of('orders')).toMatchObject([{ uuid: before, settings: { batchSize: 5 } }]);

  await settle(world, selfManaged(['b:9092']));
  expect(world.of('orders')[0]?.uuid).not.toBe(before);
  expect(world.created.map((spec) => spec.group)).toEqual(Array(2).fill('causeway.us-east.us-west.orders.g1'));
  expectSettled(world, selfManaged(['b:9092']));
});

test('mappings join a group of pollers, go to another and leave it, in place', async () => {
  const world = new World();
  world.makeSource('orders');
  await settle(world, wanted());
  const [before] = world.of('orders');

  for (const group of ['flows', 'others', undefined]) {
    const want = wanted({ settings: { ...SETTINGS, pollers: { minimum: 1, maximum: 4, ...(group && { group }) } } });
    await settle(world, want);
    expect(world.of('orders')).toMatchObject([{ uuid: before?.uuid }]);
    expect(world.of('orders')[0]?.settings.pollers?.group).toBe(group);
    expectSettled(world, want);
  }
});

test('a mapping that somebody changed to drop records is put right', async () => {
  const world = new World();
  world.makeSource('orders');
  await settle(world, wanted());
  for (const mapping of world.mappings.values()) mapping.lossless = false;

  await settle(world, wanted());

  expect(world.of('orders')).toMatchObject([{ lossless: true }]);
});

test('mappings with a group that is not ours are left alone', async () => {
  const world = new World();
  world.addMapping({
    topic: 'orders',
    generation: 1,
    group: 'somebody-else',
    origin: wanted().origin,
    settings: SETTINGS,
  });

  await settle(world, wanted());

  expect(world.listMappings()).toMatchObject([{ group: 'somebody-else', phase: 'busy' }]);
});

test('looking repeatedly stops in time, and finds a topic made in between', async () => {
  const world = new World();
  const rounds: number[] = [];
  const schedule = { intervalMs: 10_000, until: world.now + 50_000 };

  await lookRepeatedly(wanted(), world.ports(), schedule, {
    ...told,
    looked: () => {
      rounds.push(world.now);
      if (rounds.length === 2) world.makeSource('late');
    },
  });

  expect(rounds).toEqual([1_000_000, 1_010_000, 1_020_000, 1_030_000, 1_040_000]);
  expect(world.created.map((spec) => spec.topic)).toEqual(['late']);
});

test('on a flow that was removed nothing is made', async () => {
  const world = new World();
  world.makeSource('orders');
  world.flow = { state: 'removed', deployment: 'r2' };

  const report = await look(wanted(), world.ports());

  expect(report).toMatchObject({ ended: 'flow-removed', topics: [], rounds: 1 });
  expect([world.target.size, world.items.size, world.mappings.size]).toEqual([0, 0, 0]);
});

test('a mapping that a stalled run makes during the drain is removed, and the drain starts over', async () => {
  const world = new World();
  const want = wanted();
  world.makeSource('orders');
  await settle(world, want);
  world.makeSource('orders');
  await look(want, world.ports());
  world.pass(1_000);
  await look(want, world.ports());
  const drainedAfter = world.items.get('orders')?.drainedAfter;
  expect(drainedAfter).toBe(world.now + 65_000);

  world.pass(64_000);
  const [late] = world.created;
  if (late) world.addMapping(late);
  world.pass(1_000);
  await look(want, world.ports());
  expect(world.items.get('orders')).toMatchObject({ state: 'draining', generation: 1, drainedAfter: undefined });

  await settle(world, want);
  expectSettled(world, want);
});

test('a look that fails is told and made again; only a run that ends in one fails', async () => {
  for (const [failures, fails] of [
    [2, false],
    [99, true],
  ] as const) {
    const world = new World();
    world.makeSource('orders');
    const ports = world.ports();
    const causes: string[] = [];
    const list = async () => {
      if (causes.length < failures) throw new Error('No broker of cluster us-east answers');
      return ports.source.list();
    };
    const run = lookRepeatedly(
      wanted(),
      { ...ports, source: { ...ports.source, list } },
      { intervalMs: 10_000, until: world.now + 50_000 },
      { ...told, failed: (error) => causes.push(String(error)) },
    );

    if (fails) await expect(run).rejects.toThrow('No broker of cluster us-east answers');
    else await run;

    expect(causes.length).toBe(fails ? 5 : 2);
    expect(world.created.length).toBe(fails ? 0 : 1);
  }
});

test('a run of an older configuration leaves the flow to the one that was deployed since', async () => {
  const world = new World();
  const older = wanted({
    topics: { covers: (topic) => topic === 'orders', remoteTopic: (topic) => `us-east.${topic}` },
  });
  world.makeSource('orders');
  world.makeSource('payments');
  const looks: (string | undefined)[] = [];

  await lookRepeatedly(
    older,
    world.ports(),
    { intervalMs: 10_000, until: world.now + 50_000 },
    {
      ...told,
      looked: ({ ended }) => {
        looks.push(ended);
        world.flow = { state: 'deployed', deployment: 'second' };
      },
    },
  );
  await settle(world, wanted());

  expect(looks).toEqual([undefined, 'deployed-anew']);
  expect(world.created.map(({ topic }) => topic)).toEqual(['orders', 'payments']);
  expectSettled(world, wanted());
});

test('a look whose time is over begins no further topic; the next one goes on', async () => {
  const world = new World();
  for (const topic of ['a', 'b', 'c', 'd', 'e', 'f']) world.makeSource(topic);
  const ports = world.ports(async () => world.pass(1_000));

  const first = await look(wanted(), ports, { until: world.now + 6_000 });

  expect(first.ended).toBe('time-over');
  expect(first.topics.map(({ plan }) => plan.topic)).toEqual(['a']);
  expect([...world.target.keys()]).toEqual(['us-east.a']);
  await settle(world, wanted());
  expectSettled(world, wanted());
});

test('one look is made, and made whole, when no time is asked for', async () => {
  const world = new World();
  world.makeSource('orders');
  let looks = 0;

  await lookRepeatedly(
    wanted(),
    world.ports(),
    { intervalMs: 10_000, until: world.now },
    {
      ...told,
      looked: () => looks++,
    },
  );

  expect([looks, world.created.length]).toEqual([1, 1]);
});

test.each([0, 1, 2, 3])(
  'a topic that another run takes up after %i questions of a look is not taken for one that is gone',
  async (asked) => {
    const world = new World();
    let calls = 0;
    const ports = world.ports(async () => {
      if (calls++ !== asked) return;
      world.makeSource('orders');
      await look(wanted(), world.ports());
    });

    await look(wanted(), ports);

    expect(world.items.get('orders')).toMatchObject({ state: 'active', generation: 1 });
    expect(world.created.length).toBe(1);
    await settle(world, wanted());
    expectSettled(world, wanted());
  },
);

test('a source that shows no topics at all, not even its own, has no mapping removed', async () => {
  const world = new World();
  world.makeSource('orders');
  await settle(world, wanted());
  const shown = [...world.source.values()];
  world.source.clear();

  await expect(look(wanted(), world.ports())).rejects.toMatchObject({
    code: 'NO_TOPICS_SHOWN',
    message: 'us-east->us-west: us-east shows no topics at all, though 1 are being copied',
  });

  for (const topic of shown) world.source.set(topic.name, topic);
  expectSettled(world, wanted());
});

test('a source that is still empty is no fault', async () => {
  const world = new World();
  world.source.clear();

  expect(await look(wanted(), world.ports())).toMatchObject({ covered: 0, steps: [] });
});

test('Kafka’s own topics are never copied, whatever the configuration says', async () => {
  const world = new World();
  const topics = { covers: () => true, remoteTopic: (topic: string) => topic };

  await settle(world, wanted({ topics }));

  expect([world.created, world.items.size]).toEqual([[], 0]);
});
