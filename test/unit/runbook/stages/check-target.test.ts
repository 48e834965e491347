import { describe, expect, it } from 'vitest';
import { Scene, START } from './scene.ts';

describe('check-target', () => {
  const noLeader = { partition: 1, leader: undefined, replicas: [1, 2], inSync: [1, 2] };
  const lagging = { partition: 0, leader: 1, replicas: [1, 2], inSync: [1] };

  it('names partitions without a leader, with replicas that lag, and topics with too few partitions', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('check-target');
    scene.west.partitions.set('east.orders', [lagging, noLeader]);
    const { says } = await scene.pass('check-target');
    expect(says).toContain('east.orders-1 has no leader');
    expect(says).toContain('east.orders-0 has 1 of 2 replicas in sync');
    scene.west.partitions.set('east.orders', [{ ...noLeader, leader: 2, partition: 0 }]);
    expect(await scene.call('check-target')).toMatchObject({
      kind: 'stopped',
      code: 'TARGET_NOT_WELL',
      says: expect.stringContaining('east.orders has 1 partitions of 2'),
    });
  });

  it('of an emergency names what is not well and goes on, but where most partitions cannot be written to', async () => {
    const scene = await Scene.lostBefore('check-target');
    scene.west.partitions.set('east.orders', [lagging, noLeader]);
    const answer = await scene.call('check-target', 'failover');
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(answer.says).toContain('east.orders-1 has no leader');
    expect(answer.says).toContain('east.orders-0 has 1 of 2 replicas in sync');
    scene.west.partitions.set('east.orders', [lagging]);
    expect((await scene.call('check-target', 'failover')).says).toContain('east.orders has 1 partitions of 2');
    scene.west.partitions.set('orders', [{ ...noLeader, partition: 0 }, noLeader]);
    expect(await scene.pass('check-target', 'failover')).toMatchObject({
      code: 'TARGET_NOT_WELL',
      says: expect.stringContaining('orders-0 has no leader'),
    });
  });

  it('names a broker of the target that does not answer', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('check-target');
    scene.west.silent = ['b3:9092'];
    expect(await scene.pass('check-target')).toMatchObject({
      code: 'TARGET_NOT_WELL',
      says: expect.stringContaining('b3:9092'),
    });
  });
});

describe('check-target, where producers will write under names of their own,', () => {
  const DAY_MS = 24 * 60 * 60_000;
  const at = async (newestAt: number | undefined, kind: 'switchover' | 'failover' | 'failback' = 'switchover') => {
    const scene = Scene.withOrders();
    scene.east.topic('bills', [5, 5]);
    scene.west.topic('east.bills', [5, 5]);
    scene.there.topic('bills', 'east.bills', [5, 5]);
    if (newestAt !== undefined) scene.there.copyTo('bills', 1, 5, newestAt);
    await scene.upTo('check-target', kind);
    return scene;
  };

  it('stops for a topic that is in use and not there, or with fewer partitions', async () => {
    const scene = await at(START - 6 * DAY_MS);
    expect(await scene.pass('check-target')).toMatchObject({
      code: 'TARGET_NOT_WELL',
      says: expect.stringContaining('bills is not there, producers want 2 partitions: make it there'),
    });
    scene.west.topic('bills', [0]);
    expect((await scene.pass('check-target')).says).toContain('bills has 1 partitions, producers want 2 partitions');
    scene.west.topic('bills', [0, 0]);
    expect(await scene.call('check-target')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
  });

  it('warns of one that nobody has written to for a week, or whose records tell no time', async () => {
    for (const newestAt of [START - 8 * DAY_MS, undefined]) {
      const scene = await at(newestAt);
      expect(await scene.call('check-target')).toMatchObject({
        verdict: 'WARN',
        says: expect.stringContaining('bills is not there'),
      });
    }
  });

  it('warns in an emergency, and in a drill', async () => {
    const lost = await Scene.lostBefore('check-target', (scene) => {
      scene.west.topic('east.bills', [5]);
      scene.there.topic('bills', 'east.bills', [5]).copyTo('bills', 0, 5, START);
    });
    expect(await lost.call('check-target', 'failover')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('bills is not there'),
    });
    const tried = await at(START);
    expect(await tried.call('check-target', 'drill', { dryRun: true })).toMatchObject({ verdict: 'WARN' });
  });

  it('does not ask the home for topics of others, who are at home on the cluster that is left', async () => {
    const scene = Scene.withOrders();
    scene.west.topic('invoices', [5]);
    scene.east.topic('west.invoices', [5]);
    scene.back.topic('invoices', 'west.invoices', [5]).copyTo('invoices', 0, 5, START);
    scene.entry = { version: 1, active: 'west', clients: 'serving', generation: 4, changedAt: 0, run: undefined };
    await scene.upTo('check-target', 'failback');
    expect(await scene.call('check-target', 'failback')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('invoices is not there'),
    });
  });

  it('wants no copies of a third cluster’s topics, and nothing more where names are kept', async () => {
    const scene = await at(START);
    scene.there.copies.add('bills');
    scene.east.topic('same', [5]);
    scene.west.topic('same', [5]);
    scene.there.topic('same', 'same', [5]).copyTo('same', 0, 5, START);
    expect(await scene.call('check-target')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
  });
});
