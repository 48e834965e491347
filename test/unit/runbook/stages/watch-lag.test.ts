import { describe, expect, it } from 'vitest';
import { recordAt } from './fake-cluster.ts';
import { LambdaScene } from './lambda-scene.ts';
import { Scene } from './scene.ts';

describe('watch-lag', () => {
  it('looks at the lag of groups twice, 30 seconds apart', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('watch-lag');
    scene.westGroups.group('late', { 'east.orders-1': 120 }).group('stuck', { 'east.orders-0': 90 });
    scene.west.log('east.orders', 0).records = [recordAt(99)];
    const began = scene.now;
    scene.meanwhile = () => {
      if (scene.now >= began + 20_000) scene.westGroups.group('late', { 'east.orders-1': 110 });
    };
    const answer = await scene.pass('watch-lag');
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'FAIL' });
    expect(answer.says).toContain('their lag rises: late 80 to 90 records');
    expect(answer.says).toMatch(/not consuming, their lag stays: .*stuck 10 to 10 records/);
    expect(scene.now - began).toBeGreaterThanOrEqual(30_000);
  });

  it('takes no group for one that does not consume where markers are all that is left of its logs', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('watch-lag');
    scene.westGroups.group('careful', { 'east.orders-0': 98, 'east.orders-1': 199 }).group('stuck', { 'orders-0': 8 });
    scene.west.log('east.orders', 0).records = [recordAt(97)];
    scene.west.log('orders', 0).records = [recordAt(9)];
    const answer = await scene.pass('watch-lag');
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(answer.says).toBe('not consuming, their lag stays: payments 53 to 53 records; stuck 2 to 2 records');
  });

  it('leaves the second look to the next call where this one has no time for it', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('watch-lag');
    const lookedAt = scene.now;
    expect(await scene.call('watch-lag')).toMatchObject({ kind: 'waiting' });
    scene.now = lookedAt + 21_000;
    expect(await scene.call('watch-lag')).toMatchObject({ kind: 'waiting' });
    expect(scene.now).toBe(lookedAt + 30_000);
    expect(await scene.call('watch-lag')).toMatchObject({ kind: 'passed' });
  });

  it('takes no group for one that does not consume because it commits in steps while others write', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('watch-lag');
    scene.westGroups.group('busy', { 'east.orders-1': 195 });
    scene.west.log('orders', 0).records = [recordAt(9)];
    const began = scene.now;
    scene.meanwhile = () => {
      if (scene.now < began + 20_000) return;
      scene.west.log('east.orders', 1).end = 300;
      scene.westGroups.group('busy', { 'east.orders-1': 290 });
    };
    const { says } = await scene.pass('watch-lag');
    expect(says).toContain('payments');
    expect(says).not.toContain('busy');
  });

  it('is content with groups that catch up, and does not take what it is not told for nothing', async () => {
    const catchingUp = async (prepare: (scene: Scene) => void) => {
      const scene = Scene.withOrders();
      await scene.upTo('watch-lag');
      prepare(scene);
      scene.meanwhile = () => {
        scene.westGroups.group('payments', { 'east.orders-0': 100, 'east.orders-1': 200, 'orders-0': 10 });
      };
      return scene.pass('watch-lag');
    };
    expect(await catchingUp(() => {})).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    const silent = await catchingUp((scene) => {
      scene.westGroups.silentBrokers = [{ broker: 3, code: 'KAFKA_UNREACHABLE' }];
      scene.west.logs.delete('east.orders-0');
    });
    expect(silent).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(silent.says).toContain(
      'not told: broker 3 does not tell its groups: KAFKA_UNREACHABLE; payments: east.orders-0 ',
    );
  });

  it('does not see a lag rise because part of it was not told at first', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('watch-lag');
    const log = scene.west.log('east.orders', 1);
    scene.west.logs.delete('east.orders-1');
    scene.meanwhile = () => scene.west.logs.set('east.orders-1', log);
    log.records = [recordAt(160)];
    expect(await scene.pass('watch-lag')).toMatchObject({ kind: 'passed', verdict: 'WARN' });
  });

  it('names Lambda consumers that do not deliver yet', async () => {
    const scene = new LambdaScene();
    await scene.upTo('watch-lag');
    scene.westLambda.whenListed = () => scene.westLambda.set('billing', 'enabling');
    expect(await scene.pass('watch-lag')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('Lambda consumers are not enabled yet: billing (east.orders, group bills)'),
    });
  });
});
