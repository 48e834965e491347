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
