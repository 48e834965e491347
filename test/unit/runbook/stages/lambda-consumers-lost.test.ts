import { describe, expect, it } from 'vitest';
import { LambdaScene } from './lambda-scene.ts';

describe('Lambda consumers of the users’ own, in a failover', () => {
  it('are enabled as they were seen last when their region is gone, and those left behind are named', async () => {
    const scene = new LambdaScene();
    await scene.call('check-flow', 'failover', { dryRun: true, execution: 'dry' });
    scene.loseEast();
    scene.eastLambda.away = true;
    await scene.upTo('promote', 'failover');
    expect(await scene.pass('promote', 'failover')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringMatching(
        /1 event source mappings are enabled there.*disable them on east once.*billing \(orders/,
      ),
    });
    expect(scene.westLambda.states).toEqual(['billing enabling', 'paused disabled']);
    expect(scene.westGroups.at('bills', 'east.orders', 0)).toBe(90);
  });

  it('are disabled on the cluster that was left when Lambda still answers there', async () => {
    const scene = new LambdaScene();
    scene.loseEast();
    await scene.upTo('promote', 'failover');
    await scene.pass('promote', 'failover');
    expect(scene.changes.filter((each) => /billing|paused/.test(each)).sort()).toEqual([
      'east billing disabled',
      'west billing enabled',
    ]);
    expect(await scene.pass('promote', 'failover')).toMatchObject({ verdict: 'PASS' });
  });

  it('are left as they are when nobody ever saw which were in use', async () => {
    const scene = new LambdaScene();
    scene.loseEast();
    scene.eastLambda.away = true;
    await scene.upTo('promote', 'failover');
    expect(scene.record('check-flow')?.says).toContain('were never looked at');
    expect(await scene.pass('promote', 'failover')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('was never seen: none is enabled on west'),
    });
    expect(scene.westLambda.states).toEqual(['billing disabled', 'paused disabled']);
  });

  it.each([
    {
      log: 'is empty',
      ends: [0, 0],
      begins: 0,
      state: 'billing enabling',
      says: '2 event source mappings are enabled',
    },
    { log: 'was cut to its end', ends: [8, 0], begins: 8, state: 'billing enabling', says: '2 event source mappings' },
    {
      ...{ log: 'holds records', ends: [0, 10], begins: undefined, state: 'billing disabled' },
      says: 'billing (orders, group bills-west) is left disabled: its group has no offset on west',
    },
  ])(
    'on what is written on the other cluster begin with it where its log $log',
    async ({ ends, begins, state, says }) => {
      const scene = new LambdaScene();
      scene.west.topic('orders', ends);
      for (const [i, end] of ends.entries()) scene.west.log('orders', i).start = end === 10 ? 0 : end;
      scene.eastGroups.group('bills-west', { 'west.orders-0': 0 }, 'Stable');
      scene.eastLambda.consumer('billing', 'west.orders', 'bills-west', 'enabled');
      scene.westLambda.consumer('billing', 'orders', 'bills-west', 'disabled');
      await scene.call('check-flow', 'failover', { dryRun: true, execution: 'dry' });
      scene.loseEast();
      scene.back.mapAway = true;
      scene.eastLambda.away = true;

      await scene.upTo('promote', 'failover');
      expect([0, 1].map((partition) => scene.westGroups.at('bills-west', 'orders', partition))).toEqual(
        begins === undefined ? [undefined, undefined] : [begins, 0],
      );
      const answer = await scene.pass('promote', 'failover');

      expect(answer.says).toContain(says);
      expect(scene.westLambda.states).toEqual(['billing enabling', 'paused disabled', state]);
    },
  );

  it('are not forgotten where Lambda answers, and not the map of what they read', async () => {
    const scene = new LambdaScene();
    scene.eastLambda.consumer('billing', 'west.orders', 'bills-west', 'enabled');
    await scene.call('check-flow', 'failover', { dryRun: true, execution: 'dry' });
    scene.loseEast();
    scene.back.mapAway = true;
    await scene.upTo('promote', 'failover');
    expect(scene.eastLambda.mark?.inUse.map(({ topic }) => topic)).toEqual(['orders', 'west.orders']);
    const { says } = await scene.pass('promote', 'failover');
    expect(says).toContain('billing (west.orders, group bills-west) has no mapping on west: nobody consumes there');
  });

  it('whose group could not be moved stay disabled: they would begin anywhere', async () => {
    const scene = new LambdaScene();
    scene.loseEast();
    scene.lastKnown = undefined;
    await scene.upTo('promote', 'failover');
    expect(await scene.pass('promote', 'failover')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('is left disabled: its group has no offset on west'),
    });
    expect(scene.westLambda.states).toEqual(['billing disabled', 'paused disabled']);
  });
});
