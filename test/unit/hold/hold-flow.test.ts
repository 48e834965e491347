import { expect, test } from 'vitest';
import { FlowHeld } from '../../../shared/append/errors.ts';
import { holdFlow } from '../../../shared/hold/hold-flow.ts';
import { HoldWorld, item, nameOf } from './world.ts';

const until = 1_010_000;

test('the flow is held first, then every partition of its topics, and each is answered for', async () => {
  const world = new HoldWorld();
  world.items.push(item('orders'), item('payments', { partitions: 1 }));
  world.notBegun.add('orders-1');

  const report = await holdFlow(world.ports(), 7, 'failover', { until });

  expect(world.steps).toEqual(['place 7', 'hold orders-0', 'hold orders-1', 'hold payments-0']);
  expect(report.hold).toEqual({ generation: 7, since: 1_000_000, kind: 'failover' });
  expect(report.held.map(({ partition }) => nameOf(partition))).toEqual(['orders-0', 'payments-0']);
  expect(report.notBegun.map(nameOf)).toEqual(['orders-1']);
  expect(report.notYet).toEqual([]);
});

test('partitions that a topic has grown by since it was noted are held too', async () => {
  const world = new HoldWorld();
  world.items.push(item('orders'), item('payments', { partitions: 1 }));
  world.counts.set('us-east.orders', 4).set('somebody-elses', 9);

  const { held } = await holdFlow(world.ports(), 7, 'failover', { until });

  expect(held.map(({ partition }) => nameOf(partition))).toEqual([
    ...['orders-0', 'orders-1', 'orders-2', 'orders-3', 'payments-0'],
  ]);
});

test('topics that are being drained are held as long as deliveries may be running, retired ones not', async () => {
  const world = new HoldWorld();
  world.items.push(
    item('draining', { state: 'draining', partitions: 1 }),
    item('waiting', { state: 'draining', partitions: 1, drainedAfter: 1_000_001 }),
    item('drained', { state: 'draining', partitions: 1, drainedAfter: 1_000_000 }),
    item('retired', { state: 'retired', partitions: 1 }),
  );

  const { held } = await holdFlow(world.ports(), 7, 'failover', { until });

  expect(held.map(({ partition }) => nameOf(partition))).toEqual(['draining-0', 'waiting-0']);
});

test('what cannot be held yet is named with its error, holds nothing else up, and is held by another call', async () => {
  const world = new HoldWorld();
  world.items.push(item('orders', { partitions: 3 }));
  const partition = { flow: { source: 'us-east', target: 'us-west' }, topic: 'orders', remoteTopic: 'us-east.orders' };
  const held = new FlowHeld({ ...partition, partition: 0, generation: 1 }, { generation: 1 });
  world.results.set('orders-0', { kind: 'stopped', error: held }).set('orders-1', new Error('socket hang up'));

  const first = await holdFlow(world.ports(), 7, 'failover', { until });
  world.results.clear();
  const second = await holdFlow(world.ports(), 7, 'failover', { until });

  expect(first.notYet.map((each) => [each.partition && nameOf(each.partition), each.error.code])).toEqual([
    ['orders-0', 'FLOW_HELD'],
    ['orders-1', 'HOLD_NOT_CHANGED'],
  ]);
  expect(first.held.map((each) => nameOf(each.partition))).toEqual(['orders-2']);
  expect(second).toMatchObject({ notYet: [], hold: first.hold });
  expect(second.held).toHaveLength(3);
});

test('partitions are held sixteen at a time, and none is begun once the time is over', async () => {
  const world = new HoldWorld();
  world.items.push(item('orders', { partitions: 40 }));

  const all = await holdFlow(world.ports(), 7, 'failover', { until });
  world.now = until;
  const late = await holdFlow(world.ports(), 7, 'failover', { until });

  expect(world.mostAtOnce).toBe(16);
  expect(all.held).toHaveLength(40);
  expect(late.held).toEqual([]);
  expect(new Set(late.notYet.map(({ error }) => error.code))).toEqual(new Set(['HOLD_TIME_OVER']));
  expect(late.notYet).toHaveLength(40);
});

test('a flow is not all held while the target does not say how many partitions there are', async () => {
  const world = new HoldWorld();
  world.items.push(item('orders'));
  world.countsAnswer = false;

  const { held, notYet } = await holdFlow(world.ports(), 7, 'failover', { until });

  expect(held).toHaveLength(2);
  expect(notYet).toMatchObject([{ partition: undefined, error: { code: 'PARTITIONS_UNKNOWN' } }]);
});

test('a lower generation holds nothing', async () => {
  const world = new HoldWorld();
  world.items.push(item('orders'));
  world.hold = { generation: 9, since: 1, kind: 'switchover' };

  await expect(holdFlow(world.ports(), 7, 'failover', { until })).rejects.toThrow(
    'us-east->us-west: generation 7 may neither hold it nor lift its hold: generation 9 holds it',
  );
  expect(world.steps).toEqual(['place 7']);
});

test('partitions that nobody may answer for come last, so that the others are held in time', async () => {
  const world = new HoldWorld();
  world.items.push(item('orders', { partitions: 3 }));

  await holdFlow(world.ports(), 7, 'failover', { until, last: ({ partition }) => partition === 0 });

  expect(world.steps).toEqual(['place 7', 'hold orders-1', 'hold orders-2', 'hold orders-0']);
});
