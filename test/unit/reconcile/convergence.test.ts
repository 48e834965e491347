import fc from 'fast-check';
import { test } from 'vitest';
import { executePlan } from '../../../shared/reconcile/execute.ts';
import { look } from '../../../shared/reconcile/reconcile.ts';
import type { Wanted } from '../../../shared/reconcile/wanted.ts';
import { expectSettled, plan, settle } from './settled.ts';
import { SETTINGS, World, wanted } from './world.ts';

const TOPICS = ['orders', 'payments', 'private-notes'] as const;

/** What users, clusters and bad luck do between two runs. */
const event = fc.oneof(
  fc.record({
    kind: fc.constant('make' as const),
    topic: fc.constantFrom(...TOPICS),
    partitions: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({ kind: fc.constant('delete-source' as const), topic: fc.constantFrom(...TOPICS) }),
  fc.record({ kind: fc.constant('delete-target' as const), topic: fc.constantFrom(...TOPICS) }),
  fc.record({ kind: fc.constant('grow' as const), topic: fc.constantFrom(...TOPICS) }),
  fc.record({ kind: fc.constant('meddle' as const), pick: fc.nat(5) }),
  fc.record({ kind: fc.constant('double' as const), pick: fc.nat(5) }),
  fc.record({ kind: fc.constant('late' as const), pick: fc.nat(5) }),
  fc.record({ kind: fc.constant('unmap' as const), pick: fc.nat(5) }),
  fc.record({ kind: fc.constant('settings' as const), batchSize: fc.integer({ min: 1, max: 10_000 }) }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1_000, 30_000, 100_000) }),
  fc.record({ kind: fc.constant('look' as const) }),
  fc.record({ kind: fc.constant('crash' as const), after: fc.nat(4) }),
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

async function happen(world: World, want: Wanted, happening: Event): Promise<Wanted> {
  switch (happening.kind) {
    case 'make':
      world.makeSource(happening.topic, happening.partitions);
      break;
    case 'delete-source':
      world.source.delete(happening.topic);
      break;
    case 'delete-target':
      world.target.delete(want.topics.remoteTopic(happening.topic));
      break;
    case 'grow': {
      const topic = world.source.get(happening.topic);
      if (topic) world.source.set(topic.name, { ...topic, partitions: topic.partitions + 1 });
      break;
    }
    case 'meddle':
    case 'double':
    case 'unmap': {
      const [uuid, mapping] = [...world.mappings][happening.pick] ?? [];
      if (uuid === undefined || mapping === undefined) break;
      if (happening.kind === 'double') world.addMapping(mapping.spec);
      else if (happening.kind === 'unmap') world.mappings.delete(uuid);
      else mapping.lossless = false;
      break;
    }
    case 'late': {
      // A run that stood still since it planned this makes its mapping only now.
      const spec = world.created[happening.pick];
      if (spec !== undefined && world.of(spec.topic).length === 0) world.addMapping(spec);
      break;
    }
    case 'settings':
      return { ...want, settings: { ...SETTINGS, batchSize: happening.batchSize } };
    case 'pass':
      world.pass(happening.ms);
      break;
    case 'look':
      await look(want, world.ports());
      break;
    case 'crash': {
      // A run that dies after so many actions, wherever in a topic's plan that is.
      let left = happening.after;
      for (const topic of plan(world, want)) {
        await executePlan({ ...topic, actions: topic.actions.slice(0, left) }, want, world.ports());
        left = Math.max(0, left - topic.actions.length);
      }
    }
  }
  return want;
}

test('whatever happened, and wherever earlier runs died, looking again leads to exactly what is wanted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
      const world = new World();
      let want = wanted();
      for (const happening of events) want = await happen(world, want, happening);
      await settle(world, want);
      expectSettled(world, want);
    }),
    { numRuns: 400 },
  );
});

test('two runs at once, their calls in any order, do no harm and lead to the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(event, { maxLength: 12 }), async (scheduler, events) => {
      const world = new World();
      let want = wanted();
      for (const happening of events) want = await happen(world, want, happening);
      const ordered = () => world.ports(() => scheduler.schedule(Promise.resolve()));
      const runs = Promise.all([look(want, ordered()), look(want, ordered())]);
      await scheduler.waitFor(runs);
      await settle(world, want);
      expectSettled(world, want);
    }),
    { numRuns: 200 },
  );
});
