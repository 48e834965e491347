import { describe, expect, it } from 'vitest';
import { LambdaScene } from './lambda-scene.ts';

describe('Lambda consumers of the users’ own, in a switchover', () => {
  it('are disabled before their groups move, and enabled on the other cluster at the translated offset', async () => {
    const scene = new LambdaScene();
    await scene.upTo('fence-consumers');
    expect(await scene.pass('fence-consumers')).toMatchObject({
      kind: 'passed',
      verdict: 'PASS',
      says: expect.stringContaining('1 event source mappings are disabled'),
    });
    expect(scene.eastLambda.states).toEqual(['billing disabled', 'paused disabled']);
    await scene.pass('move-groups');
    expect(scene.westGroups.at('bills', 'east.orders', 1)).toBe(150);

    expect(await scene.pass('promote')).toMatchObject({
      verdict: 'PASS',
      says: expect.stringContaining('1 event source mappings are enabled there'),
    });
    expect(scene.westLambda.states).toEqual(['billing enabling', 'paused disabled']);
    const order = [
      'east billing disabled',
      'west group bills committed',
      'registry west serving',
      'west billing enabled',
    ];
    expect(scene.changes.filter((each) => order.includes(each))).toEqual(order);
  });

  it('come back by a failback, and so does only what was in use on the cluster that is left', async () => {
    const scene = new LambdaScene();
    await scene.upTo('report');
    await scene.westLambda.mappings.list();
    expect(scene.westLambda.states).toEqual(['billing enabled', 'paused disabled']);
    scene.westGroups.group('bills', { 'east.orders-0': 100, 'east.orders-1': 170 }, 'Stable');

    await scene.upTo('watch-lag', 'failback', 'run-2');
    expect(scene.eastGroups.at('bills', 'orders', 1)).toBe(170);
    expect(scene.westLambda.states).toEqual(['billing disabled', 'paused disabled']);
    await scene.eastLambda.mappings.list();
    await scene.eastLambda.mappings.list();
    expect(scene.eastLambda.states).toEqual(['billing enabled', 'paused disabled']);
  });

  it('are enabled again by the undo, but for one that its owner had disabled', async () => {
    const scene = new LambdaScene();
    await scene.upTo('fence-consumers');
    await scene.pass('fence-consumers');
    expect(await scene.pass('undo')).toMatchObject({ kind: 'passed', left: [] });
    expect(scene.changes.filter((each) => /billing|paused/.test(each))).toEqual([
      'east billing disabled',
      'east billing enabled',
    ]);
    expect(scene.entry).toMatchObject({ active: 'east', clients: 'serving', run: undefined });
  });

  it('that were disabled by an execution that was stopped are moved by the one that goes on', async () => {
    const scene = new LambdaScene();
    await scene.upTo('fence-consumers');
    await scene.call('fence-consumers');
    await scene.upTo('canary', 'switchover', 'run-2');
    expect(scene.changes.filter((each) => /billing|paused/.test(each))).toEqual([
      'east billing disabled',
      'west billing enabled',
    ]);
  });

  it('are enabled again by the undo of the execution that goes on with one that was stopped', async () => {
    const scene = new LambdaScene();
    await scene.upTo('fence-consumers');
    await scene.call('fence-consumers');
    await scene.upTo('drain', 'switchover', 'run-2');
    await scene.pass('undo', 'switchover', 'run-2');
    expect(scene.changes.filter((each) => /billing|paused/.test(each))).toEqual([
      'east billing disabled',
      'east billing enabled',
    ]);
  });

  it('are asked for again when promote was cut off between the registry and Lambda, and once only', async () => {
    const scene = new LambdaScene();
    await scene.upTo('promote');
    scene.westLambda.away = true;
    expect(await scene.call('promote')).toMatchObject({ kind: 'waiting', says: expect.stringContaining('is away') });
    expect(scene.entry).toMatchObject({ active: 'west' });
    scene.westLambda.away = false;

    await scene.upTo('canary', 'switchover', 'run-2');
    scene.westLambda.set('billing', 'disabled');
    expect(await scene.pass('promote', 'switchover', 'run-2')).toMatchObject({ verdict: 'PASS' });
    expect(scene.changes.filter((each) => each === 'west billing enabled')).toHaveLength(1);
  });

  it('that Lambda does not take on hold nobody up, are named, and are moved by the next run', async () => {
    const scene = new LambdaScene();
    await scene.upTo('promote');
    scene.westLambda.away = true;
    expect(await scene.pass('promote')).toMatchObject({
      kind: 'passed',
      verdict: 'WARN',
      says: expect.stringContaining('not enabled yet: Lambda beside west'),
    });
    expect(scene.eastLambda.mark).toMatchObject({ state: 'stopped' });
    scene.westLambda.away = false;
    await scene.pass('release');

    await scene.upTo('canary', 'failback', 'run-2');
    expect(scene.changes.filter((each) => /billing|paused/.test(each))).toEqual([
      'east billing disabled',
      'east billing enabled',
    ]);
  });

  it('are waited for as long as Lambda is still disabling them', async () => {
    const scene = new LambdaScene();
    scene.eastLambda.set('paused', 'disabling');
    await scene.upTo('fence-consumers');
    scene.eastLambda.whenListed = () => scene.eastLambda.set('paused', scene.now < until ? 'disabling' : 'disabled');
    const until = scene.now + 60_000;
    expect(await scene.pass('fence-consumers')).toMatchObject({ kind: 'passed' });
    expect(scene.now).toBeGreaterThanOrEqual(until);
  });

  it('whose groups keep members are named once they had their time', async () => {
    const scene = new LambdaScene();
    await scene.upTo('fence-consumers');
    scene.eastLambda.whenDone = () => {};
    expect(await scene.pass('fence-consumers')).toMatchObject({
      code: 'GROUPS_ACTIVE',
      says: expect.stringContaining('bills (Stable'),
    });
    await scene.pass('undo');
    expect(scene.eastLambda.states).toEqual(['billing enabling', 'paused disabled']);
  });

  it('that cannot be enabled again by the undo are left, named and known to the next run', async () => {
    const scene = new LambdaScene();
    await scene.upTo('move-groups');
    scene.eastLambda.away = true;
    expect(await scene.pass('undo')).toMatchObject({
      left: [
        expect.stringContaining('billing (orders, group bills) (Lambda beside east is away). Enable them by hand'),
      ],
    });
    scene.eastLambda.away = false;
    await scene.upTo('canary', 'switchover', 'run-2');
    const looked = scene.records.get('2 check-flow');
    expect(looked?.says).toContain('disabled by an earlier run, and moved by this one');
    expect(scene.westLambda.states).toEqual(['billing enabling', 'paused disabled']);
  });
});
