import fc from 'fast-check';
import { expect, test } from 'vitest';
import { look } from '../../../shared/reconcile/reconcile.ts';
import { removeAll } from '../../../shared/reconcile/remove-all.ts';
import { settle } from './settled.ts';
import { World, wanted } from './world.ts';

const flow = { source: 'us-east', target: 'us-west' };

test('every mapping is removed and waited for; topics and items stay', async () => {
  const world = new World();
  world.makeSource('orders');
  world.makeSource('payments');
  await settle(world, wanted());

  expect(await removeAll(flow, world.ports(), world.now + 60_000)).toBe(2);

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
      const removal = removeAll(flow, ports(), world.now + 600_000);
      await scheduler.waitFor(Promise.all([running, removal]));
      // What the run made after its last question, within one call of Lambda, is what a second removal is for.
      await removeAll(flow, world.ports(), world.now + 600_000);
      expect(world.listMappings()).toEqual([]);
      expect((await look(wanted(), world.ports())).flow).toBe('removed');
    }),
    { numRuns: 100 },
  );
});

test('mappings that do not go in time are named', async () => {
  const world = new World();
  world.makeSource('orders');
  await settle(world, wanted());
  const uuid = world.of('orders')[0]?.uuid ?? '';

  await expect(removeAll(flow, world.ports(), world.now + 1_000)).rejects.toMatchObject({
    code: 'MAPPINGS_REMAIN',
    message: `us-east->us-west: 1 event source mappings are still being deleted: ${uuid}`,
  });
});

test('deployed again, the flow goes on under the same groups', async () => {
  const world = new World();
  world.makeSource('orders');
  await settle(world, wanted());
  await removeAll(flow, world.ports(), world.now + 60_000);

  world.flow = 'deployed';
  await settle(world, wanted());

  expect(world.created.map((spec) => [spec.group, spec.start])).toEqual([
    ['causeway.us-east.us-west.orders.g1', 'LATEST'],
    ['causeway.us-east.us-west.orders.g1', 'TRIM_HORIZON'],
  ]);
});
