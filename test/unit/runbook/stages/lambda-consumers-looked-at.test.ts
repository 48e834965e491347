import { describe, expect, it } from 'vitest';
import { LambdaScene } from './lambda-scene.ts';

describe('Lambda consumers of the users’ own, looked at by check-flow', () => {
  it('are counted, and their mark says which are in use', async () => {
    const scene = new LambdaScene();
    await scene.upTo('check-flow');
    expect(await scene.call('check-flow')).toMatchObject({
      verdict: 'PASS',
      says: expect.stringContaining('1 event source mappings of Lambda consumers are moved'),
    });
    expect(scene.eastLambda.mark).toMatchObject({
      state: 'seen',
      inUse: [{ consumer: 'billing', topic: 'orders', group: 'bills' }],
    });
  });

  it.each<[string, (scene: LambdaScene) => void, string]>([
    [
      'whose group is not moved',
      ({ eastLambda }) => eastLambda.consumer('audit', 'orders', 'ignored-audit', 'enabled'),
      'audit (orders, group ignored-audit) is left as it is: its group is not moved',
    ],
    [
      'of a topic that nothing copies',
      ({ eastLambda }) => eastLambda.consumer('audit', 'local', 'audits', 'enabled'),
      'no flow copies local',
    ],
    [
      'without a counterpart',
      ({ eastLambda }) => eastLambda.consumer('audit', 'orders', 'audits', 'enabled'),
      'audit (orders, group audits) has no mapping on east.orders on west',
    ],
    [
      'whose counterpart has another group',
      ({ eastLambda, westLambda }) => {
        eastLambda.consumer('audit', 'orders', 'audits', 'enabled');
        westLambda.consumer('audit', 'east.orders', 'others', 'disabled');
      },
      'its mapping on east.orders on west has the group others',
    ],
    [
      'whose counterpart is enabled already',
      ({ westLambda }) => westLambda.set('billing', 'enabled'),
      'billing (east.orders, group bills) is enabled on west already',
    ],
    [
      'whose group has read nothing of a partition yet',
      ({ eastGroups }) => eastGroups.offsets.get('bills')?.get('orders')?.delete(1),
      'has no offset yet in 1 partitions: on west it begins there at LATEST',
    ],
  ])('%s are a warning, in a dry run and a drill too', async (_, given, says) => {
    for (const [kind, dryRun] of [
      ['switchover', true],
      ['switchover', false],
      ['drill', false],
    ] as const) {
      const scene = new LambdaScene();
      given(scene);
      if (!dryRun) await scene.upTo('check-flow', kind);
      expect(await scene.call('check-flow', kind, { dryRun })).toMatchObject({
        kind: 'passed',
        verdict: 'WARN',
        says: expect.stringContaining(says),
      });
      expect(scene.changes.filter((each) => /east \w+ (dis|en)abled|west \w+ (dis|en)abled/.test(each))).toEqual([]);
    }
  });

  it('that have no counterpart stop nothing: the group moves, and they are named again', async () => {
    const scene = new LambdaScene();
    scene.eastGroups.group('audits', { 'orders-0': 7, 'orders-1': 7 }, 'Stable');
    scene.eastLambda.consumer('audit', 'orders', 'audits', 'enabled');
    await scene.upTo('promote');
    expect(await scene.pass('promote')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('audit (orders'),
    });
    expect(scene.westGroups.at('audits', 'east.orders', 0)).toBe(7);
    expect(scene.westLambda.states).toContain('billing enabling');
  });

  it('are not marked anew by a dry run while a run has disabled them', async () => {
    const scene = new LambdaScene();
    await scene.upTo('move-groups');
    await scene.call('check-flow', 'failover', { dryRun: true, execution: 'dry' });
    expect(scene.eastLambda.mark).toMatchObject({ state: 'stopped', inUse: [{ consumer: 'billing' }] });
    await scene.pass('undo');
    expect(scene.eastLambda.states).toEqual(['billing enabling', 'paused disabled']);
  });

  it('are marked anew by the run when a dry run has looked at them just before', async () => {
    const scene = new LambdaScene();
    await scene.upTo('fence-consumers');
    let looked = false;
    scene.eastLambda.whenListed = () => {
      if (looked || scene.eastLambda.mark === undefined) return;
      looked = true;
      scene.eastLambda.mark = { ...scene.eastLambda.mark, version: scene.eastLambda.mark.version + 1 };
    };
    expect(await scene.pass('fence-consumers')).toMatchObject({ kind: 'passed' });
    expect(scene.eastLambda.mark).toMatchObject({ state: 'stopped', inUse: [{ consumer: 'billing' }] });
  });
});
