import { expect, test } from 'vitest';
import { liftFlow } from '../../../shared/hold/lift-flow.ts';
import { HoldWorld, item, nameOf } from './world.ts';

const until = 1_010_000;

function held(): HoldWorld {
  const world = new HoldWorld();
  world.items.push(item('orders'));
  world.hold = { generation: 7, since: 1, kind: 'failover' };
  return world;
}

test('the hold of the flow is lifted first, then that of each partition, of retired topics too', async () => {
  const world = held();
  world.items.push(item('retired', { state: 'retired', partitions: 1 }));
  world.notBegun.add('orders-1');

  const report = await liftFlow(world.ports(), 7, { until });

  expect(world.steps).toEqual(['lift 7', 'lift orders-0', 'lift orders-1', 'lift retired-0']);
  expect(report.lifted.map(nameOf)).toEqual(['orders-0', 'retired-0']);
  expect(report.notYet).toEqual([]);
});

test('a lift that ended in the middle goes on when it is called again', async () => {
  const world = held();
  world.results.set('orders-1', new Error('throttled'));

  const first = await liftFlow(world.ports(), 7, { until });
  world.results.clear();
  const second = await liftFlow(world.ports(), 7, { until });

  expect(first.notYet).toMatchObject([{ partition: { partition: 1 }, error: { code: 'HOLD_NOT_CHANGED' } }]);
  expect(second.notYet).toEqual([]);
  expect(second.lifted).toHaveLength(2);
});

test('a lower generation lifts nothing', async () => {
  const world = held();

  await expect(liftFlow(world.ports(), 6, { until })).rejects.toMatchObject({ code: 'HOLD_OUTRANKED' });
  expect(world.steps).toEqual(['lift 6']);
  expect(world.hold?.generation).toBe(7);
});

test('no partition is begun once the time is over, and one not known of is told', async () => {
  const world = held();
  world.now = until;
  world.countsAnswer = false;

  const { lifted, notYet } = await liftFlow(world.ports(), 7, { until });

  expect(lifted).toEqual([]);
  expect(notYet.map(({ error }) => error.code)).toEqual(['PARTITIONS_UNKNOWN', 'HOLD_TIME_OVER', 'HOLD_TIME_OVER']);
});
