import { describe, expect, it } from 'vitest';
import { Scene } from './scene.ts';

describe('promote and what comes after', () => {
  it('moves applications once, and warns where a region could not be told', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('promote');
    scene.published = [{ region: 'us-east-1', because: 'no answer within 5000 ms' }];
    expect(await scene.call('promote')).toMatchObject({ verdict: 'WARN', says: expect.stringContaining('us-east-1') });
    scene.published = [];
    expect(await scene.call('promote')).toMatchObject({ verdict: 'PASS' });
    expect(scene.changes.filter((each) => each === 'registry west serving')).toHaveLength(1);
  });

  it('is refused where consumers were not fenced before', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-consumers');
    expect(await scene.call('promote')).toMatchObject({ kind: 'stopped', code: 'NOT_FENCED' });
    expect(scene.entry).toMatchObject({ active: 'east' });
  });

  it('is never undone', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('canary');
    scene.changes.length = 0;
    expect(await scene.call('undo')).toMatchObject({ left: [expect.stringContaining('west')] });
    expect(scene.changes).toEqual([]);
    expect(scene.entry).toMatchObject({ active: 'west', run: { execution: 'run-1' } });
  });

  it('waits for a canary that does not come back', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('canary');
    scene.west.away = true;
    expect(await scene.pass('canary')).toMatchObject({ kind: 'stopped', code: 'STAGE_TIMED_OUT' });
    scene.west.away = false;
    expect(await scene.call('canary')).toMatchObject({ kind: 'passed' });
  });

  it('lifts the hold that a failback left on the reverse flow, and not that of another registry’s run', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('start-reverse');
    scene.back.held = { generation: 9, since: 0, kind: 'switchover' };
    expect(await scene.pass('start-reverse')).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(scene.back.held).toBeDefined();
    scene.back.held = { generation: 1, since: 0, kind: 'failback' };
    scene.back.slow = ['orders-0'];
    for (const mapping of scene.back.all) mapping.enabled = false;
    expect(await scene.call('start-reverse')).toMatchObject({ kind: 'waiting' });
    expect(await scene.pass('start-reverse')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.back.all.map(({ enabled }) => enabled)).toEqual([true]);
  });

  it('goes on with a warning where the reverse flow cannot be started', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('start-reverse');
    scene.back.controlPlaneAway = true;
    expect(await scene.pass('start-reverse')).toMatchObject({ kind: 'passed', verdict: 'WARN' });
  });

  it('lets the flow run again and gives the lock back, also when called twice', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('release');
    scene.there.slow = ['orders-0'];
    expect(await scene.call('release')).toMatchObject({ kind: 'waiting' });
    expect(await scene.pass('release')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect([scene.there.held, scene.entry?.run]).toEqual([undefined, undefined]);
    expect(scene.there.all.map(({ enabled }) => enabled)).toEqual([true]);
    expect(await scene.pass('release')).toMatchObject({ kind: 'passed' });
    expect(await scene.call('report')).toMatchObject({ says: expect.stringContaining('s3://reports/1-') });
  });

  it('waits until mappings are being enabled, and no longer: Lambda may take minutes for it', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('release');
    for (const mapping of scene.there.all) mapping.changing = 30;
    expect(await scene.call('release')).toMatchObject({
      kind: 'waiting',
      says: 'event source mappings are not enabled yet: orders disabling',
    });
    expect(scene.entry?.run).toBeDefined();
    for (const mapping of scene.there.all) {
      mapping.enabled = true;
      mapping.changing = Number.POSITIVE_INFINITY;
    }
    expect(await scene.call('release')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
  });

  it('of an emergency is not kept up by what the other region had of the flow that comes back', async () => {
    const scene = await Scene.lostBefore('start-reverse', (it) => {
      it.back.mapAway = true;
    });
    const began = scene.now;
    expect(await scene.call('start-reverse', 'failover')).toMatchObject({
      kind: 'passed',
      verdict: 'WARN',
      says: expect.stringContaining('goes on when east is back'),
    });
    expect(scene.now).toBe(began);
    expect(await scene.pass('watch-lag', 'failover')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.now - began).toBeLessThan(60_000);
  });

  it('of an emergency gives the lock back without the region that is lost', async () => {
    const scene = await Scene.lostBefore('release');
    expect(await scene.pass('release', 'failover')).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(scene.entry).toMatchObject({ active: 'west', clients: 'serving', run: undefined });
  });
});

describe('undo', () => {
  it('lets clients go on, lifts the hold, enables mappings, gives the lock back and tells what is left', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('promote');
    expect(await scene.pass('undo')).toMatchObject({
      kind: 'passed',
      left: [expect.stringContaining('Offsets committed on the other cluster')],
    });
    expect(scene.entry).toMatchObject({ active: 'east', clients: 'serving', run: undefined });
    expect(scene.there.held).toBeUndefined();
    expect(scene.there.all.map(({ enabled }) => enabled)).toEqual([true]);
    expect(await scene.pass('undo')).toMatchObject({ kind: 'passed', says: 'It was undone before.' });
  });

  it('goes on where it was ended itself: a partition may be held though the flow no longer is', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('promote');
    scene.there.slow = ['orders-0'];
    expect(await scene.call('undo')).toMatchObject({ kind: 'waiting', says: expect.stringContaining('orders-0') });
    scene.there.slow = ['orders-0'];
    expect(await scene.call('undo')).toMatchObject({ kind: 'waiting' });
    expect(await scene.pass('undo')).toMatchObject({ kind: 'passed' });
  });
});
