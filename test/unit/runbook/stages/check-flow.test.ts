import { describe, expect, it } from 'vitest';
import { Scene } from './scene.ts';

describe('check-flow', () => {
  it('names topics whose mapping is not enabled and partitions whose map cannot be read', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('check-flow');
    for (const mapping of scene.there.all) mapping.enabled = false;
    scene.there.copied.set('orders-1', { code: 'OFFSET_MAP_CORRUPT' });
    const answer = await scene.pass('check-flow');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'FLOW_NOT_WELL' });
    expect(answer.says).toContain('orders has no event source mapping that is enabled');
    expect(answer.says).toContain('orders-1: OFFSET_MAP_CORRUPT');
  });

  it('stops where there is more to copy than can be drained', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('check-flow');
    scene.east.log('orders', 0).end = 2_000_100;
    expect(await scene.pass('check-flow')).toMatchObject({
      code: 'FLOW_NOT_WELL',
      says: expect.stringContaining('2000000 offsets are left'),
    });
  });

  it('counts nothing as left to copy, and waits for nothing, before the place from which on a partition is copied', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('check-flow');
    scene.east.log('orders', 0).end = 2_000_100;
    scene.there.beginsAt('orders', 0, 2_000_100);
    expect(await scene.call('check-flow')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
  });

  it('warns where there is no way back', async () => {
    const scene = Scene.withOrders();
    scene.hasReverse = false;
    await scene.upTo('check-flow');
    expect(await scene.call('check-flow')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('west->east'),
    });
  });

  it('of an emergency tells what is wrong and goes on', async () => {
    const scene = Scene.withOrders();
    scene.east.lose();
    scene.there.controlPlaneAway = true;
    scene.beats = false;
    scene.heartbeatAt = scene.now - 60_000;
    await scene.upTo('check-flow', 'failover');
    scene.there.copied.set('orders-1', { code: 'OFFSET_MAP_CORRUPT' });
    expect(await scene.call('check-flow', 'failover')).toMatchObject({ kind: 'passed', verdict: 'WARN' });
  });
});

describe('check-flow, of partitions that have something to copy,', () => {
  /** 10 records of each partition are not copied. */
  const behind = async () => {
    const scene = Scene.withOrders();
    await scene.upTo('check-flow');
    scene.east.topic('orders', [110, 210]);
    return scene;
  };

  it('names one that stands still while the others move on, before anybody is fenced', async () => {
    const scene = await behind();
    const began = scene.now;
    scene.meanwhile = () => scene.there.copyTo('orders', 0, 105);
    expect(await scene.call('check-flow')).toMatchObject({
      kind: 'waiting',
      says: 'not seen to be copied yet: orders-1',
    });
    const answer = await scene.pass('check-flow');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'FLOW_NOT_WELL' });
    expect(answer.says).toContain('does not copy everything: orders-1 stands at offset 200 of 210 ');
    expect(scene.now - began).toBeGreaterThanOrEqual(30_000);
    expect(scene.entry?.clients).toBe('serving');
  });

  it('passes as soon as all have moved on, however fast their logs grow', async () => {
    const scene = await behind();
    const began = scene.now;
    let looks = 0;
    scene.meanwhile = () => {
      looks++;
      scene.east.topic('orders', [110 + looks * 10, 210 + looks * 10]);
      scene.there.copyTo('orders', 0, 100 + looks * 5);
      if (looks > 2) scene.there.copyTo('orders', 1, 200 + looks * 5);
    };
    expect(await scene.call('check-flow')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.now - began).toBeLessThan(3_000);
  });

  it('takes the end of a log for copied where it holds no record, or a transaction is open', async () => {
    const scene = await behind();
    scene.there.empty.set('orders-0', 100);
    scene.east.log('orders', 1).stable = 200;
    const began = scene.now;
    expect(await scene.call('check-flow')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.now - began).toBeLessThan(3_000);
  });

  it('lists mappings and topics once while it waits for them to move on', async () => {
    const scene = await behind();
    let listed = 0;
    const list = scene.there.mappings.list;
    scene.there.mappings.list = async () => {
      listed++;
      return list();
    };
    expect(await scene.call('check-flow')).toMatchObject({ kind: 'waiting' });
    expect(listed).toBe(1);
  });

  it('leaves a flow alone that an earlier run has stopped', async () => {
    const scene = await behind();
    scene.there.held = { generation: 1, since: 0, kind: 'switchover' };
    expect(await scene.call('check-flow')).toMatchObject({
      verdict: 'PASS',
      says: 'the offset map of 2 partitions reads, 20 offsets behind; the flow is held by switchover generation 1 since 1970-01-01T00:00:00.000Z',
    });
  });

  it('warns of them in a dry run of a failover, and asks nothing of a source that is lost', async () => {
    const scene = await behind();
    let answer = await scene.call('check-flow', 'failover', { dryRun: true });
    for (let calls = 0; answer.kind === 'waiting' && calls < 9; calls++)
      answer = await scene.call('check-flow', 'failover', { dryRun: true });
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN', says: expect.stringContaining('orders-0 stands') });

    const lost = await Scene.lostBefore('check-flow', ({ there }) => there.copyTo('orders', 0, 90));
    expect(await lost.call('check-flow', 'failover')).toMatchObject({
      verdict: 'PASS',
      says: 'the offset map of 2 partitions reads',
    });
    expect(await lost.call('check-flow', 'failover', { dryRun: true })).toMatchObject({ kind: 'passed' });
  });
});

describe('check-flow, of topics that are to be copied,', () => {
  it('waits as long as reconcile takes for a new one, then names it', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('check-flow');
    scene.there.left = ['bills'];
    const began = scene.now;
    const answer = await scene.pass('check-flow');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'FLOW_NOT_WELL' });
    expect(answer.says).toContain('bills is to be copied, and no flow has taken it on');
    expect(scene.now - began).toBeGreaterThanOrEqual(90_000);
  });

  it('goes on once reconcile has taken it on', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('check-flow');
    scene.there.left = ['bills'];
    const began = scene.now;
    scene.meanwhile = () => {
      if (scene.now >= began + 60_000) scene.there.left = [];
    };
    expect(await scene.pass('check-flow')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
  });

  it('goes on where nobody knows which they are', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('check-flow');
    scene.there.left = undefined;
    expect(await scene.call('check-flow')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
  });
});

describe('check-flow, of checkpoints that a failover would go by,', () => {
  const dryRun = { dryRun: true };
  /** `payments` is at orders-0 100, orders-1 150. */
  const checkpoints = (offset: number, writtenAt: number) => {
    const at = (value: number) => ({ offset: value, leaderEpoch: -1, metadata: '', writtenAt });
    const partitions = [
      [0, at(offset)],
      [1, at(150)],
    ] as const;
    return { at: writtenAt, offsets: new Map([['payments', new Map([['orders', new Map(partitions)]])]]) };
  };
  const tried = async (scene: Scene, kind: 'failover' | 'drill' = 'failover') => {
    let answer = await scene.call('check-flow', kind, dryRun);
    for (let calls = 0; answer.kind === 'waiting' && calls < 20; calls++)
      answer = await scene.call('check-flow', kind, dryRun);
    return answer;
  };

  it('passes a dry run where groups are where their checkpoints say, however old these are', async () => {
    const scene = Scene.withOrders();
    scene.lastKnown = checkpoints(100, scene.now - 3_600_000);
    expect(await tried(scene)).toMatchObject({ kind: 'passed', verdict: 'PASS' });
  });

  it('passes where a group has gone on within a minute, or over offsets without a record', async () => {
    const scene = Scene.withOrders();
    scene.lastKnown = checkpoints(60, scene.now - 50_000);
    expect(await tried(scene)).toMatchObject({ verdict: 'PASS' });
    scene.lastKnown = checkpoints(60, scene.now - 90_000);
    scene.there.empty.set('orders-0', 60);
    expect(await tried(scene)).toMatchObject({ verdict: 'PASS' });
  });

  it('warns of a group that has long gone on from its checkpoint, after its next one had time to come', async () => {
    for (const kind of ['failover', 'drill'] as const) {
      const scene = Scene.withOrders();
      scene.lastKnown = checkpoints(60, scene.now - 90_000);
      const began = scene.now;
      const answer = await tried(scene, kind);
      expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
      expect(answer.says).toMatch(/payments: orders-0 is at 100, its checkpoint of 2023-11-14T\S+ has 60/);
      expect(scene.now - began).toBeGreaterThanOrEqual(30_000);
      scene.lastKnown = checkpoints(100, scene.now);
      expect(await tried(scene, kind)).toMatchObject({ verdict: 'PASS' });
    }
  });

  it('warns of a group without a checkpoint, and where there is none at all', async () => {
    const scene = Scene.withOrders();
    scene.lastKnown = { at: scene.now, offsets: new Map() };
    expect((await tried(scene)).says).toContain('payments: orders-1 has no checkpoint, the group is at 150');
    scene.lastKnown = undefined;
    expect(await scene.call('check-flow', 'failover', dryRun)).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('east->west has no checkpoint of any group'),
    });
  });

  it('does not ask for them where groups tell where they are', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('check-flow');
    expect(await scene.call('check-flow')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
  });
});
