import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FailoverProducer } from '../../../../../shared/client/failover/producer/failover-producer.ts';
import { Followed, recorded } from '../follower.ts';
import { FakeCluster, refusalOf } from './cluster.ts';
import { message, outcome, settle } from './scene.ts';

const ALIASES = ['us-east', 'us-west'] as const;
const KEYS = 2;

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('send'), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('mode'),
      alias: fc.constantFrom(...ALIASES),
      mode: fc.constantFrom('up', 'away', 'mute', 'silent'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('registry'),
      active: fc.constantFrom(...ALIASES),
      clients: fc.constantFrom('serving', 'producers-fenced', 'clients-fenced'),
    }),
  },
);

test('whatever happens to clusters and the registry, each message is where its sender was told, once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const clusters = { 'us-east': new FakeCluster(), 'us-west': new FakeCluster() };
      const registry = new Followed();
      const producer = new FailoverProducer(
        {
          bounds: { messages: 1_000, ageMs: 60_000 },
          settleMs: 2,
          firstReadMs: 1_000,
          pollMs: 1_000,
          createPartitioner: () => (asked) => Number(asked.message.key) % KEYS,
        },
        {
          watch: registry,
          events: recorded().events,
          producer: (alias) => clusters[alias === 'us-east' ? 'us-east' : 'us-west'].producer(),
          refusalOf,
        },
      );
      await producer.connect();
      const outcomes = new Map<string, Promise<string>>();
      let generation = 1;
      for (const each of steps) {
        if (each.kind === 'wait') await settle();
        else if (each.kind === 'mode') clusters[each.alias].mode = each.mode;
        else if (each.kind === 'registry')
          registry.set({ active: each.active, clients: each.clients, generation: ++generation });
        else
          for (let i = 0; i < each.count; i++) {
            const id = outcomes.size;
            outcomes.set(
              String(id),
              outcome(producer.send({ topic: 'orders', messages: [message(id, String(id % KEYS))] })),
            );
          }
      }
      for (const alias of ALIASES) clusters[alias].mode = 'up';
      registry.set({ clients: 'serving', generation: ++generation });
      await producer.disconnect();

      const written = ALIASES.flatMap((alias) => clusters[alias].written);
      expect(new Set(written).size, 'a message was written twice').toBe(written.length);
      for (const [id, told] of outcomes) {
        expect(await told).toMatch(/^(acknowledged|DELIVERY_UNKNOWN)$/);
        if ((await told) === 'acknowledged') expect(written, `${id} was acknowledged`).toContain(id);
      }
      for (const alias of ALIASES)
        for (const log of clusters[alias].logs.values())
          expect(log, `order on ${alias}`).toEqual(log.toSorted((a, b) => Number(a) - Number(b)));
    }),
    { numRuns: 50 },
  );
}, 60_000);
