import { expect, test } from 'vitest';
import { BeginNotCommittedError } from '../../../shared/reconcile/errors.ts';
import { look } from '../../../shared/reconcile/reconcile.ts';
import { settle } from './settled.ts';
import { World, wanted } from './world.ts';

test('a topic that does not begin at its start begins where it ended when it was first seen', async () => {
  const world = new World();
  world.makeSource('orders', 3);
  world.sourceEnds.set('orders', [7, 0, 40]);

  await look(wanted(), world.ports());

  expect(world.items.get('orders')?.begins).toEqual([7, 0, 40]);
  expect([...(world.commits.get('causeway.us-east.us-west.orders.g1') ?? [])]).toEqual([
    [0, 7],
    [1, 0],
    [2, 40],
  ]);
});

test('it still begins there when its mapping is made again, but where the group has got further', async () => {
  const world = new World();
  world.makeSource('orders', 2);
  world.sourceEnds.set('orders', [7, 30]);
  await settle(world, wanted());
  const group = 'causeway.us-east.us-west.orders.g1';
  // The other commit has expired, as those of an idle partition do.
  world.commits.set(group, new Map([[0, 9]]));
  world.sourceEnds.set('orders', [12, 31]);
  const { uuid = '' } = world.of('orders')[0] ?? {};
  world.mappings.delete(uuid);

  await settle(world, wanted());

  expect(world.created.length).toBe(2);
  expect(world.items.get('orders')?.begins).toEqual([7, 30]);
  expect([...(world.commits.get(group) ?? [])]).toEqual([
    [0, 9],
    [1, 30],
  ]);
  expect(world.violations).toEqual([]);
});

test('a partition that comes later is copied from its first record', async () => {
  const world = new World();
  world.makeSource('orders', 1);
  world.sourceEnds.set('orders', [7]);
  await settle(world, wanted());
  world.source.set('orders', { name: 'orders', id: 's1', partitions: 2, internal: false });
  world.sourceEnds.set('orders', [8, 5]);

  await settle(world, wanted());

  expect(world.items.get('orders')).toMatchObject({ partitions: 2, begins: [7] });
  expect(world.commits.get('causeway.us-east.us-west.orders.g1')?.has(1)).toBe(false);
});

test('a flow that copies everything commits nothing', async () => {
  const world = new World();
  world.makeSource('orders');
  world.sourceEnds.set('orders', [7]);

  await settle(world, wanted({ start: 'TRIM_HORIZON' }));

  expect(world.items.get('orders')?.begins).toBeUndefined();
  expect(world.commits.size).toBe(0);
});

test('without the right to commit where a topic begins no mapping is made, and it says so', async () => {
  const world = new World();
  world.makeSource('orders');
  const ports = world.ports();
  const refused = () => Promise.reject(new BeginNotCommittedError('g', 'orders', 0, 'GROUP_AUTHORIZATION_FAILED'));

  const report = await look(wanted(), { ...ports, startOffsets: { ...ports.startOffsets, commit: refused } });

  expect(report.steps.flatMap((step) => step.errors)).toMatchObject([
    { code: 'BEGIN_NOT_COMMITTED', message: expect.stringMatching(/orders-0.*GROUP_AUTHORIZATION_FAILED/) },
  ]);
  expect(world.listMappings()).toEqual([]);
});
