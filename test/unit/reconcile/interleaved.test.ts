import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lookRepeatedly } from '../../../shared/reconcile/reconcile.ts';
import type { Wanted } from '../../../shared/reconcile/wanted.ts';
import { expectIdle, expectSettled, settle } from './settled.ts';
import { World, wanted } from './world.ts';

const TOPICS = ['orders', 'payments', 'private-notes'] as const;

/** What happens to topics and mappings while runs are at work. */
const happening = fc.record({
  kind: fc.constantFrom('make', 'delete-source', 'delete-target', 'grow', 'meddle', 'unmap', 'pass', 'pass', 'pass'),
  topic: fc.constantFrom(...TOPICS),
  partitions: fc.integer({ min: 1, max: 5 }),
  ms: fc.constantFrom(100, 3_000, 30_000, 70_000),
});
type Happening = typeof happening extends fc.Arbitrary<infer H> ? H : never;

/** A run: how many looks it has time for, at which call it stands still while others go on, and at which it dies, if it does. */
const run = fc.record({
  looks: fc.integer({ min: 1, max: 3 }),
  stallsAt: fc.nat(30),
  diesAt: fc.option(fc.nat(30), { nil: Number.POSITIVE_INFINITY }),
});
/** Turns of others: enough for a topic's whole way. */
const STALL = 40;
type Run = typeof run extends fc.Arbitrary<infer R> ? R : never;

class Crash extends Error {}

function happen(world: World, want: Wanted, { kind, topic, partitions, ms }: Happening): void {
  const source = world.source.get(topic);
  if (kind === 'make') world.makeSource(topic, partitions);
  if (kind === 'delete-source') world.source.delete(topic);
  if (kind === 'delete-target') world.target.delete(want.topics.remoteTopic(topic));
  if (kind === 'grow' && source) world.source.set(topic, { ...source, partitions: source.partitions + 1 });
  if (kind === 'pass') world.pass(ms);
  for (const { uuid } of world.of(topic)) {
    const mapping = world.mappings.get(uuid);
    if (kind === 'unmap') world.mappings.delete(uuid);
    if (kind === 'meddle' && mapping) mapping.lossless = false;
  }
}

/** A run of the function, whose calls wait for their turn; it dies in the middle of whatever it is doing. */
async function reconcile(
  world: World,
  want: Wanted,
  { looks, stallsAt, diesAt }: Run,
  turn: () => Promise<void>,
): Promise<void> {
  let calls = 0;
  const ports = world.ports(async () => {
    const call = calls++;
    for (let turns = call === stallsAt ? STALL : 1; turns > 0; turns--) await turn();
    if (call >= diesAt) throw new Crash();
  });
  const schedule = { intervalMs: 10_000, until: world.now + looks * 10_000 };
  await lookRepeatedly(want, ports, schedule, { looked: () => {}, failed: () => {} }).catch(() => {});
}

/** Two mappings that somebody else made of the same function, and one topic of the target that nobody asked for. */
function bystanders(world: World, want: Wanted): () => unknown {
  const spec = { generation: 1, origin: want.origin, settings: want.settings } as const;
  world.addMapping({ ...spec, topic: 'orders', group: 'analytics' });
  world.addMapping({ ...spec, topic: 'strangers', group: 'analytics-2' });
  world.pass(1);
  world.target.set('reports', { name: 'reports', id: 'r', partitions: 1, internal: false });
  return () => [world.listMappings().filter(({ group }) => group.startsWith('analytics')), world.target.get('reports')];
}

test('runs at once that die anywhere, while topics come and go: one right mapping a covered topic, none beside it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(happening, { maxLength: 6 }),
      fc.array(run, { minLength: 1, maxLength: 3 }),
      fc.array(happening, { maxLength: 14 }),
      async (scheduler, before, runs, during) => {
        const world = new World();
        const want = wanted();
        const seen = bystanders(world, want);
        const untouched = seen();
        for (const each of before) happen(world, want, each);
        if (before.length % 2 === 1) await settle(world, want);

        const turn = () => scheduler.schedule(Promise.resolve());
        const working = runs.map((each) => reconcile(world, want, each, turn));
        const going = during.map(async (each) => {
          await turn();
          happen(world, want, each);
        });
        await scheduler.waitFor(Promise.all([...working, ...going]));
        await settle(world, want);

        expectSettled(world, want);
        await expectIdle(world, want);
        expect(seen()).toEqual(untouched);
        for (const item of world.items.values())
          expect(world.target.has(item.remoteTopic) || !world.source.has(item.topic)).toBe(true);
      },
    ),
    { numRuns: Number(process.env.RECONCILE_RUNS ?? 500) },
  );
}, 60_000);
