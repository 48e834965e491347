import { describe, expect, it } from 'vitest';
import { Scene } from './scene.ts';

const producer = { producerId: '4711', epoch: 0, lastSequence: 10, lastTimestamp: 5, transactionStart: undefined };

describe('fence-writers', () => {
  it('passes when nothing is written for a whole window, and fences once', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-writers');
    const began = scene.now;
    expect(await scene.call('fence-writers')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.now - began).toBeGreaterThanOrEqual(5_000);
    expect(scene.entry).toMatchObject({ clients: 'producers-fenced', active: 'east' });
    expect(await scene.call('fence-writers')).toMatchObject({ kind: 'passed' });
    expect(scene.changes.filter((each) => each.includes('producers-fenced'))).toHaveLength(1);
  });

  it('begins its window when clients have looked, so that what they wrote until then costs no second one', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-writers');
    const began = scene.now;
    const log = scene.east.log('orders', 0);
    const before = log.end;
    scene.meanwhile = () => {
      log.end = before + 3;
    };
    expect(await scene.call('fence-writers')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.now - began).toBe(6_500);
  });

  it('lets producers finish what they had begun', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-writers');
    const began = scene.now;
    scene.meanwhile = () => {
      if (scene.now < began + 7_000) scene.east.log('orders', 0).end += 3;
    };
    expect(await scene.pass('fence-writers')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
  });

  it('names partition, records and producer of whoever goes on, and the undo lets all go on where they were', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-writers');
    const log = scene.east.log('orders', 1);
    log.producers.push({ ...producer });
    scene.east.ids.set('4711', 'billing-tx');
    scene.meanwhile = () => {
      log.end += 40;
      log.producers[0] = { ...producer, lastSequence: (log.producers[0]?.lastSequence ?? 0) + 40 };
    };

    const answer = await scene.pass('fence-writers');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'UNROUTED_PRODUCER' });
    expect(answer.says).toContain('orders-1 grew by 40 records (producer 4711, billing-tx)');

    scene.meanwhile = () => {};
    expect(await scene.pass('undo')).toMatchObject({ kind: 'passed', left: [] });
    expect(scene.entry).toMatchObject({ active: 'east', clients: 'serving', run: undefined });
  });

  it('says so of a producer that has no id', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-writers');
    scene.meanwhile = () => {
      scene.east.log('orders', 0).end += 1;
    };
    const { says } = await scene.pass('fence-writers');
    expect(says).toContain('orders-0 grew by 1 records (by a producer without idempotence');
  });

  it('does not take the copies of the flow that comes back for an application’s records', async () => {
    const scene = new Scene();
    scene.east.topic('orders', [100]);
    scene.west.topic('orders', [100]);
    scene.there.topic('orders', 'orders', [100]);
    scene.back.topic('orders', 'orders', [100]);
    const log = scene.east.log('orders', 0);
    log.producers.push({ ...producer, producerId: '900' });
    await scene.upTo('fence-writers');
    scene.meanwhile = () => {
      log.end += 20;
      scene.there.copyTo('orders', 0, log.end);
      log.producers[0] = { ...producer, producerId: '900', lastSequence: (log.producers[0]?.lastSequence ?? 0) + 20 };
    };
    expect(await scene.pass('fence-writers')).toMatchObject({ kind: 'passed' });
    scene.meanwhile = () => {
      log.end += 21;
      log.producers[0] = { ...producer, producerId: '900', lastSequence: (log.producers[0]?.lastSequence ?? 0) + 20 };
    };
    scene.now += 60_000;
    expect(await scene.pass('fence-writers')).toMatchObject({
      code: 'UNROUTED_PRODUCER',
      says: expect.stringContaining('orders-0 grew by 1 records'),
    });
  });

  it('waits for a partition that does not tell its end', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-writers');
    scene.east.logs.delete('orders-1');
    expect(await scene.call('fence-writers')).toMatchObject({
      kind: 'waiting',
      says: expect.stringContaining('orders-1'),
    });
  });

  it('of an emergency fences in the registry, and does not wait for a source that is gone', async () => {
    const scene = Scene.withOrders();
    scene.east.lose();
    scene.beats = false;
    scene.heartbeatAt = scene.now - 60_000;
    await scene.upTo('fence-writers', 'failover');
    const began = scene.now;
    expect(await scene.call('fence-writers', 'failover')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.now).toBe(began);
    expect(scene.entry).toMatchObject({ clients: 'producers-fenced' });
  });
});

describe('drain', () => {
  it('passes only when the flow has every record, and waits with what is left', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    scene.there.copyTo('orders', 0, 90);
    scene.meanwhile = () => {
      const head = scene.there.copied.get('orders-0');
      const at = head && 'nextSource' in head ? head.nextSource : 0;
      if (at < 100) scene.there.copyTo('orders', 0, at + 2);
    };
    expect(await scene.call('drain')).toMatchObject({ kind: 'passed', says: 'lag 0 in all of 2 partitions' });
  });

  it('counts offsets at the end that hold no record as copied', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    scene.east.log('orders', 0).end = 103;
    scene.there.empty.set('orders-0', 100);
    expect(await scene.call('drain')).toMatchObject({ kind: 'passed' });
  });

  it('waits for an open transaction, and says where it begins', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    scene.east.log('orders', 0).stable = 98;
    expect(await scene.call('drain')).toMatchObject({
      kind: 'waiting',
      says: expect.stringContaining('orders-0: a transaction is open since offset 98'),
    });
  });

  it('takes a partition of which nothing was ever copied for one that is whole only if it has no records', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    scene.there.copied.delete('orders-0');
    expect(await scene.call('drain')).toMatchObject({
      kind: 'waiting',
      says: expect.stringContaining('orders-0: 100'),
    });
    scene.east.log('orders', 0).start = 100;
    expect(await scene.call('drain')).toMatchObject({ kind: 'passed' });
  });

  it('does not wait for what stood in a partition before the place from which on it is copied', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    scene.there.beginsAt('orders', 0, 100);
    expect(await scene.call('drain')).toMatchObject({ kind: 'passed', says: 'lag 0 in all of 2 partitions' });
    scene.east.log('orders', 0).end = 101;
    expect(await scene.call('drain')).toMatchObject({
      kind: 'waiting',
      says: expect.stringContaining('orders-0: 1 records'),
    });
  });
});

describe('stop-flow', () => {
  it('holds every partition, disables the mappings, and sees that nothing is appended', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('stop-flow');
    expect(await scene.pass('stop-flow')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.there.held).toMatchObject({ generation: 1, kind: 'switchover' });
    expect(scene.there.all.map(({ enabled }) => enabled)).toEqual([false]);
    expect(await scene.pass('stop-flow')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.changes.filter((each) => each.includes('disabled'))).toHaveLength(1);
  });

  it('waits until every partition is held', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('stop-flow');
    scene.there.slow = ['orders-1'];
    expect(await scene.call('stop-flow')).toMatchObject({ kind: 'waiting', says: expect.stringContaining('orders-1') });
    expect(await scene.pass('stop-flow')).toMatchObject({ kind: 'passed' });
  });

  it('of an emergency does not wait for a partition that has no leader, and of no other goes on without', async () => {
    const scene = await Scene.lostBefore('stop-flow');
    const [, second] = scene.west.partitions.get('east.orders') ?? [];
    const noLeader = { partition: 0, leader: undefined, replicas: [1], inSync: [] };
    if (second) scene.west.partitions.set('east.orders', [noLeader, second]);
    scene.there.unheld.add('orders-0').add('orders-1');
    const began = scene.now;
    while (scene.now < began + 30_000)
      expect(await scene.call('stop-flow', 'failover')).toMatchObject({ kind: 'waiting' });
    scene.there.unheld.delete('orders-1');
    expect(await scene.call('stop-flow', 'failover')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('without a leader on west, and not taken over'),
    });
    expect(scene.record('stop-flow')?.says).toContain('east.orders-0');
  });

  it('stops when somebody goes on appending to a remote topic', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('stop-flow');
    scene.meanwhile = () => {
      scene.west.log('east.orders', 0).end += 1;
    };
    const answer = await scene.pass('stop-flow');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'FLOW_STILL_WRITES' });
    expect(answer.says).toContain('east.orders-0');
  });

  it('does not take the late marker of a take-over for somebody who appends', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('stop-flow');
    const log = scene.west.log('east.orders', 0);
    const ends = scene.west.ends.bind(scene.west);
    let looks = 0;
    scene.west.ends = async (partitions) => {
      if (++looks === 2) log.end++;
      return ends(partitions);
    };
    expect(await scene.pass('stop-flow')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(log.end).toBe(101);
  });

  it('of a planned run waits for mappings that do not answer, and is undone in the end', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('stop-flow');
    scene.there.controlPlaneAway = true;
    expect(await scene.pass('stop-flow')).toMatchObject({ kind: 'stopped', code: 'STAGE_TIMED_OUT' });
    const undone = await scene.pass('undo');
    expect(undone).toMatchObject({ kind: 'passed', left: [expect.stringContaining('reconcile')] });
    expect(scene.there.held).toBeUndefined();
    expect(scene.entry).toMatchObject({ clients: 'serving', run: undefined });
  });

  it('of an emergency leaves mappings alone that do not answer in time, and says so', async () => {
    const scene = Scene.withOrders();
    scene.east.lose();
    scene.there.controlPlaneAway = true;
    scene.beats = false;
    scene.heartbeatAt = scene.now - 60_000;
    await scene.upTo('stop-flow', 'failover');
    const began = scene.now;
    const answer = await scene.pass('stop-flow', 'failover');
    expect(answer).toMatchObject({
      kind: 'passed',
      verdict: 'WARN',
      says: expect.stringContaining('left as they are'),
    });
    expect(scene.now - began).toBeLessThan(10_000);
    expect(scene.there.held).toMatchObject({ kind: 'failover' });
  });

  it('of an emergency does not wait for mappings whose last deliveries do not end', async () => {
    const scene = Scene.withOrders();
    scene.east.lose();
    scene.beats = false;
    scene.heartbeatAt = scene.now - 60_000;
    await scene.upTo('stop-flow', 'failover');
    for (const mapping of scene.there.all) {
      mapping.enabled = false;
      mapping.changing = Number.POSITIVE_INFINITY;
    }
    const began = scene.now;
    expect(await scene.pass('stop-flow', 'failover')).toMatchObject({
      kind: 'passed',
      verdict: 'WARN',
      says: expect.stringContaining('left as they are: they are not disabled yet: orders disabling'),
    });
    expect(scene.now - began).toBeLessThan(10_000);
  });
});

describe('fence-consumers', () => {
  it('waits for groups to leave, and names their members in the end', async () => {
    const scene = Scene.withOrders();
    scene.eastGroups.group('slow', { 'orders-0': 3 }, 'Stable').group('elsewhere', { 'other-0': 3 }, 'Stable');
    scene.eastGroups.group('ignored-one', { 'orders-0': 3 }, 'Stable');
    await scene.upTo('fence-consumers');
    expect(await scene.call('fence-consumers')).toMatchObject({ kind: 'waiting' });
    const answer = await scene.pass('fence-consumers');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'GROUPS_ACTIVE' });
    expect(answer.says).toContain('slow (Stable: app at 10.0.0.7)');
    expect(answer.says).not.toContain('elsewhere');
    expect(answer.says).not.toContain('ignored-one');
  });

  it('passes once they have left', async () => {
    const scene = Scene.withOrders();
    scene.eastGroups.group('slow', { 'orders-0': 3 }, 'Stable');
    await scene.upTo('fence-consumers');
    scene.meanwhile = () => scene.eastGroups.states.set('slow', 'Empty');
    expect(await scene.pass('fence-consumers')).toMatchObject({ kind: 'passed' });
    expect(scene.entry).toMatchObject({ clients: 'clients-fenced' });
  });

  it('waits for brokers that do not tell their groups', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-consumers');
    scene.eastGroups.silentBrokers = [{ broker: 2, code: 'KAFKA_UNREACHABLE' }];
    expect(await scene.call('fence-consumers')).toMatchObject({
      kind: 'waiting',
      says: expect.stringContaining('broker 2'),
    });
  });
});
