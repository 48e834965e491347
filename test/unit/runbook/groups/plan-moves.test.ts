import { describe, expect, it } from 'vitest';
import { planMoves } from '../../../../shared/runbook/groups/plan-moves.ts';
import { readMoves } from '../../../../shared/runbook/groups/read-moves.ts';
import { Scene } from '../stages/scene.ts';

/** `orders` on both clusters, each writing to it and copied to the other. */
function twoWay(): Scene {
  const scene = new Scene();
  scene.east.topic('orders', [100]);
  scene.west.topic('orders', [100]);
  scene.there.topic('orders', 'orders', [100]);
  scene.back.topic('orders', 'orders', [100]);
  return scene;
}

async function movesIn(scene: Scene) {
  const { facts } = await readMoves(scene.ports('switchover'), { emergency: false, dryRun: false });
  return planMoves(facts);
}

describe('where groups go on', () => {
  it('in a topic of both clusters is the end for one that has read everything', async () => {
    const scene = twoWay();
    scene.eastGroups.group('payments', { 'orders-0': 100 });
    const [move] = await movesIn(scene);
    expect(move).toMatchObject({ faults: [], readTwice: 0, beyond: 0, partitions: 1 });
    expect(move?.commits.map(({ topic, offset }) => [topic, Number(offset)])).toEqual([['orders', 100]]);
  });

  it('in a topic of both clusters is the first that is not consumed, and what is read twice is told', async () => {
    const scene = twoWay();
    scene.eastGroups.group('payments', { 'orders-0': 90 });
    scene.back.copied.set('orders-0', {
      ...{ nextSource: 60, nextTarget: 80, producerId: '1', runStart: 0, sparse: false, lastTimestamp: -1 },
      sourceTopicId: 'west orders',
    });
    const [move] = await movesIn(scene);
    expect(move?.commits.map(({ offset }) => Number(offset))).toEqual([60]);
    expect(move?.readTwice).toBe(30);
  });

  it('in a topic of both clusters may be before an offset that tells of one of their orders only', async () => {
    const scene = twoWay();
    scene.eastGroups.group('payments', { 'orders-0': 90 });
    scene.westGroups.group('payments', { 'orders-0': 88 });
    scene.back.copied.set('orders-0', {
      ...{ nextSource: 60, nextTarget: 80, producerId: '1', runStart: 0, sparse: false, lastTimestamp: -1 },
      sourceTopicId: 'west orders',
    });
    expect((await movesIn(scene)).map(({ faults, commits }) => [faults.length, commits.length])).toEqual([[0, 1]]);
    scene.westGroups.group('payments', { 'orders-0': 95 });
    expect((await movesIn(scene))[0]?.faults).toMatchObject([{ reason: 'ahead-on-target' }]);
  });

  it('is not known where the target has no such partition, or lost the end of its log', async () => {
    const scene = Scene.withOrders();
    scene.west.logs.delete('east.orders-1');
    expect((await movesIn(scene))[0]?.faults).toMatchObject([{ reason: 'no-remote-partition', partition: 1 }]);
    scene.west.topic('east.orders', [50, 200]);
    expect((await movesIn(scene))[0]?.faults).toMatchObject([{ reason: 'past-target-log-end', partition: 0 }]);
  });

  it('is not known past the end of the log that the group reads', async () => {
    const scene = Scene.withOrders();
    scene.eastGroups.group('payments', { 'orders-0': 120 });
    expect((await movesIn(scene))[0]?.faults).toMatchObject([{ reason: 'source-offset-past-log-end' }]);
  });

  it('of groups that the rules leave out, or that have nothing in the flow’s topics, is nobody’s business', async () => {
    const scene = Scene.withOrders();
    scene.eastGroups.group('ignored-one', { 'orders-0': 10 }).group('apart', { 'local-0': 10 });
    scene.eastGroups.group('causeway.orders', { 'orders-0': 100 });
    expect((await movesIn(scene)).map(({ group }) => group)).toEqual(['payments']);
  });
});
