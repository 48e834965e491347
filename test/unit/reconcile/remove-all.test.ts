import fc from 'fast-check';
import { expect, test } from 'vitest';
import { look } from '../../../shared/reconcile/reconcile.ts';
import { removeAll } from '../../../shared/reconcile/remove-all.ts';
import { settle } from './settled.ts';
import { World, wanted } from './world.ts';

const flow = { source: 'us-east', target: 'us-west' };

function within(ms: number, world: World) {
  return { until: world.now + ms, deployment: 'second' };
}

/** What a port throws. */
function refusal(name: string): () => Promise<never> {
  return () => Promise.reject(new Error(name));
}

test('every mapping is removed and waited for; topics and items stay', async () => {
  const world = new World();
  world.makeSource('orders');
  world.makeSource('payments');
  await settle(world, wanted());

  expect(await removeAll(flow, world.ports(), within(60_000, world))).toEqual({
    removed: 2,
    leaving: [],
    unmarked: undefined,
  });

  expect(world.listMappings()).toEqual([]);
  expect([...world.items.keys()]).toEqual(['orders', 'payments']);
  expect(world.target.size).toBe(2);
});

test('a run in progress makes no mapping that outlives the removal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = new World();
      world.makeSource('orders');
      world.makeSource('payments');
      const ports = () => world.ports(() => scheduler.schedule(Promise.resolve()));
      const running = look(wanted(), ports());
      const removal = removeAll(flow, ports(), within(600_000, world));
      await scheduler.waitFor(Promise.all([running, removal]));
      // What the run made after its last question, within one call of Lambda, is what a second removal is for.
      await removeAll(flow, world.ports(), within(600_000, world));
      expect(world.listMappings()).toEqual([]);
      expect((await look(wanted(), world.ports())).ended).toBe('flow-removed');
    }),
    { numRuns: 100 },
  );
});

test('a mapping that Lambda is still deleting when the time is over is left to it, and named', async () => {
  const world = new World();
  world.makeSource('orders');
  await settle(world, wanted());
  const uuid = world.of('orders')[0]?.uuid ?? '';

  expect(await removeAll(flow, world.ports(), within(1_000, world))).toMatchObject({ removed: 1, leaving: [uuid] });
});

test('mappings that Lambda does not delete in time are named, with what it says; the others are removed', async () => {
  const world = new World();
  for (const topic of ['orders', 'payments']) world.makeSource(topic);
  await settle(world, wanted());
  const uuid = world.of('orders')[0]?.uuid ?? '';
  const { mappings, ...ports } = world.ports();
  const remove = (asked: string) => (asked === uuid ? refusal('AccessDenied')() : mappings.remove(asked));

  await expect(
    removeAll(flow, { ...ports, mappings: { ...mappings, remove } }, within(60_000, world)),
  ).rejects.toMatchObject({
    code: 'MAPPINGS_REMAIN',
    message: 'us-east->us-west: 1 event source mappings could not be removed; Lambda says: AccessDenied',
    next: `Delete the stack again, or by hand: aws lambda delete-event-source-mapping --uuid ${uuid}.`,
  });
  expect(world.listMappings().map(({ topic }) => topic)).toEqual(['orders']);
});

test('a mapping that is busy is removed once it is not', async () => {
  const world = new World();
  world.makeSource('orders');
  await look(wanted(), world.ports());
  expect(world.of('orders')).toMatchObject([{ phase: 'busy' }]);

  expect(await removeAll(flow, world.ports(), within(60_000, world))).toMatchObject({ removed: 1, leaving: [] });
  expect(world.listMappings()).toEqual([]);
});

test('with every cluster and the table gone, the mappings are removed all the same', async () => {
  const world = new World();
  world.makeSource('orders');
  await settle(world, wanted());
  const { mappings, clock, registry } = world.ports();
  const gone = { ...registry, setFlow: refusal('ResourceNotFoundException') };

  const removal = await removeAll(flow, { mappings, clock, registry: gone }, within(60_000, world));

  expect(removal).toMatchObject({ removed: 1, unmarked: new Error('ResourceNotFoundException') });
  expect(world.listMappings()).toEqual([]);
});

test('a list that Lambda refuses for a while is asked for again; refused to the end, that is what is told', async () => {
  const world = new World();
  world.makeSource('orders');
  await settle(world, wanted());
  const { mappings, ...ports } = world.ports();
  let refusals = 3;
  const list = () => (refusals-- > 0 ? refusal('TooManyRequests')() : mappings.list());
  const throttled = { ...ports, mappings: { ...mappings, list } };

  expect(await removeAll(flow, throttled, within(60_000, world))).toMatchObject({ removed: 1 });

  refusals = 1_000;
  await expect(removeAll(flow, throttled, within(60_000, world))).rejects.toMatchObject({
    code: 'MAPPINGS_UNKNOWN',
    message: 'us-east->us-west: Lambda does not list the event source mappings to remove: TooManyRequests',
  });
});

test('a removal made twice, or two at once, removes nothing twice and does no harm', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = new World();
      for (const topic of ['orders', 'payments']) world.makeSource(topic);
      await settle(world, wanted());
      const ordered = () => world.ports(() => scheduler.schedule(Promise.resolve()));
      const both = Promise.all([1, 2].map(() => removeAll(flow, ordered(), within(600_000, world))));
      await scheduler.waitFor(both);

      expect((await both).every(({ leaving }) => leaving.length === 0)).toBe(true);
      expect(await removeAll(flow, world.ports(), within(60_000, world))).toMatchObject({ removed: 0 });
      expect([world.listMappings(), world.target.size, world.items.size]).toEqual([[], 2, 2]);
    }),
    { numRuns: 50 },
  );
});

test('deployed again, the flow goes on under the same groups', async () => {
  const world = new World();
  world.makeSource('orders');
  await settle(world, wanted());
  await removeAll(flow, world.ports(), within(60_000, world));

  world.flow = { state: 'deployed', deployment: 'third' };
  await settle(world, wanted());

  const group = 'causeway.us-east.us-west.orders.g1';
  expect(world.created.map((spec) => spec.group)).toEqual([group, group]);
});
