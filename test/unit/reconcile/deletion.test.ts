import { expect, test } from 'vitest';
import { type LookReport, look, lookRepeatedly } from '../../../shared/reconcile/reconcile.ts';
import { expectSettled, settle } from './settled.ts';
import { World, wanted } from './world.ts';

const GRACE_MS = 3_600_000;
const deleting = wanted({ deletedTopics: { action: 'delete', graceMs: GRACE_MS } });
const REMOTE = 'us-east.orders';

/** A topic that was copied, then deleted at the source; the look that found out was made at `world.now`. */
async function deleted(want = deleting): Promise<World> {
  const world = new World();
  world.makeSource('orders');
  world.makeSource('payments');
  await settle(world, want);
  world.logEnds.set(REMOTE, 100);
  world.source.delete('orders');
  await settle(world, want);
  return world;
}

async function afterGrace(world: World, want = deleting): Promise<LookReport> {
  world.now = (world.items.get('orders')?.deletion?.since ?? world.now) + GRACE_MS;
  return look(want, world.ports());
}

function codes({ steps }: LookReport): string[] {
  return steps.flatMap(({ errors }) => errors.map(({ code }) => code));
}

test('by default the copy of a deleted topic stays for ever, and is counted as an orphan', async () => {
  const world = await deleted(wanted());
  world.now += 1_000 * GRACE_MS;

  const report = await look(wanted(), world.ports());

  expect(report).toMatchObject({ orphans: [REMOTE], steps: [] });
  expect(world.target.has(REMOTE)).toBe(true);
});

test('it is deleted when the grace period is over, and not a moment earlier; its item stays', async () => {
  const world = await deleted();
  const since = world.items.get('orders')?.deletion?.since ?? 0;
  world.now = since + GRACE_MS - 1;
  expect((await look(deleting, world.ports())).orphans).toEqual([REMOTE]);
  expect(world.target.has(REMOTE)).toBe(true);

  world.now = since + GRACE_MS;
  const report = await look(deleting, world.ports());

  expect(codes(report)).toEqual([]);
  expect([...world.target.keys()]).toEqual(['us-east.payments']);
  expect(world.items.get('orders')).toMatchObject({ state: 'retired', generation: 1 });
  expect(await look(deleting, world.ports())).toMatchObject({ orphans: [], steps: [] });
});

test('a topic that comes back within the grace is not deleted, and a later deletion waits as long again', async () => {
  const world = await deleted();
  const first = world.items.get('orders')?.deletion?.since ?? 0;
  world.makeSource('orders');
  await settle(world, deleting);
  expectSettled(world, deleting);
  expect(world.items.get('orders')).toMatchObject({ state: 'active', generation: 2 });
  world.now = first + GRACE_MS - 1;
  world.source.delete('orders');
  await settle(world, deleting);

  world.now = first + GRACE_MS + 300_000;
  await look(deleting, world.ports());
  expect(world.target.has(REMOTE)).toBe(true);

  await afterGrace(world);
  expect(world.target.has(REMOTE)).toBe(false);
});

test('a topic that comes back after its copy was deleted is copied anew, under the next generation', async () => {
  const world = await deleted();
  await afterGrace(world);
  world.makeSource('orders', 3);

  await settle(world, deleting);

  expectSettled(world, deleting);
  expect(world.items.get('orders')).toMatchObject({ generation: 2, remoteMade: true });
});

test('a topic that Causeway did not make is never deleted', async () => {
  const world = new World();
  world.makeSource('orders');
  world.makeSource('payments');
  world.target.set(REMOTE, { name: REMOTE, id: 'theirs', partitions: 1, internal: false });
  await settle(world, deleting);
  world.source.delete('orders');
  await settle(world, deleting);

  const report = await afterGrace(world);

  expect(report.orphans).toEqual([REMOTE]);
  expect(world.target.get(REMOTE)?.id).toBe('theirs');
});

test('a topic that somebody made anew under the copy’s name is not deleted', async () => {
  const world = await deleted();
  world.target.set(REMOTE, { name: REMOTE, id: 'theirs', partitions: 1, internal: false });

  expect((await afterGrace(world)).orphans).toEqual([]);

  expect(world.target.get(REMOTE)?.id).toBe('theirs');
});

test('a copy that was written to after its source was gone is told of, and stays for another grace period', async () => {
  const world = await deleted();
  world.logEnds.set(REMOTE, 101);

  const report = await afterGrace(world);

  expect(codes(report)).toEqual(['REMOTE_TOPIC_IN_USE']);
  expect(world.target.has(REMOTE)).toBe(true);
  expect(world.items.get('orders')?.deletion).toEqual({ since: world.now, logEnds: 101 });
  expect(codes(await look(deleting, world.ports()))).toEqual([]);
  await afterGrace(world);
  expect(world.target.has(REMOTE)).toBe(false);
});

test('a topic that the source merely no longer shows is not taken for deleted, at the beginning or at the end', async () => {
  const world = await deleted();
  world.hidden.add('orders');
  expect(codes(await afterGrace(world))).toContain('SOURCE_TOPIC_HIDDEN');
  expect(world.target.has(REMOTE)).toBe(true);

  const other = new World();
  other.makeSource('orders');
  other.makeSource('payments');
  await settle(other, deleting);
  other.hidden.add('orders');
  other.source.delete('orders');
  for (let looks = 0; looks < 6; looks++) {
    await look(deleting, other.ports());
    other.pass(60_000);
  }
  expect(other.items.get('orders')).toMatchObject({ state: 'retired' });
  expect(other.items.get('orders')?.deletion).toBeUndefined();
});

test('a topic that was taken out of the flow is not deleted, whether its source stays or goes', async () => {
  const world = new World();
  world.makeSource('orders');
  world.makeSource('payments');
  await settle(world, deleting);
  const topics = { ...deleting.topics, covers: (topic: string) => topic !== 'orders' };
  const narrowed = { ...deleting, topics };
  await settle(world, narrowed);
  world.source.delete('orders');
  await settle(world, narrowed);

  await afterGrace(world, narrowed);

  expect(world.target.has(REMOTE)).toBe(true);
});

test('keep, set during the grace, ends it; delete, set again, begins it anew', async () => {
  const world = await deleted();
  const first = world.items.get('orders')?.deletion?.since ?? 0;
  await settle(world, wanted());
  expect(world.items.get('orders')?.deletion).toBeUndefined();

  world.now = first + GRACE_MS;
  await settle(world, deleting);
  expect(world.target.has(REMOTE)).toBe(true);
});

test('a run that another one overtook in noting the topic it made notes that it made it', async () => {
  const world = new World();
  world.makeSource('orders');
  const ports = world.ports();
  let overtaken = false;
  const registry = {
    ...ports.registry,
    write: async (...[expected, item]: Parameters<typeof ports.registry.write>) => {
      if (!overtaken) {
        overtaken = true;
        await ports.registry.write(expected, { ...item, remoteMade: undefined });
      }
      return ports.registry.write(expected, item);
    },
  };

  const schedule = { intervalMs: 10_000, until: world.now + 15_000 };
  await lookRepeatedly(deleting, { ...ports, registry }, schedule, { looked: () => {}, failed: () => {} });

  expect(world.items.get('orders')).toMatchObject({ state: 'active', remoteMade: true });
});
