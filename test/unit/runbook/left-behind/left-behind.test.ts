import { describe, expect, it } from 'vitest';
import { leftBehind } from '../../../../shared/runbook/left-behind/left-behind.ts';
import { Scene } from '../stages/scene.ts';

/** A failover that found `orders` copied up to 100 and 200, of a source that had 130 and 200. */
async function failedOver(): Promise<Scene> {
  const scene = Scene.withOrders();
  scene.beats = false;
  scene.heartbeatAt = scene.now - 60_000;
  scene.east.lose();
  scene.there.controlPlaneAway = true;
  await scene.upTo('report', 'failover');
  scene.east.log('orders', 0).end = 130;
  return scene;
}

function comesBack(scene: Scene): void {
  scene.east.away = false;
  scene.east.silent = [];
  scene.there.controlPlaneAway = false;
  scene.beats = true;
}

function told(scene: Scene) {
  const { registry, history } = scene.ports('failover');
  return leftBehind({ registry, history, flow: scene.there, source: scene.east });
}

describe('what a failover left behind', () => {
  it('is nothing before any, and after a switchover', async () => {
    const scene = Scene.withOrders();
    expect(await told(scene)).toBeUndefined();
    await scene.upTo('report');
    expect(await told(scene)).toBeUndefined();
  });

  it('is not known while the source is away', async () => {
    const scene = await failedOver();
    expect(await told(scene)).toMatchObject({ generation: 1, arrived: 0, missing: 0, unknown: 2 });
  });

  it('is told range by range, with where it is in the remote topic, until all of it has arrived', async () => {
    const scene = await failedOver();
    comesBack(scene);
    expect(await told(scene)).toMatchObject({
      ...{ arrived: 0, missing: 30, unknown: 0 },
      partitions: [{ topic: 'orders', partition: 0, arrived: undefined, missing: { from: 100, to: 130 } }],
    });
    scene.there.copyTo('orders', 0, 120);
    expect(await told(scene)).toMatchObject({
      partitions: [
        { arrived: { from: 100, to: 120 }, arrivedAt: { from: 100, to: 120 }, missing: { from: 120, to: 130 } },
      ],
    });
    scene.there.copyTo('orders', 0, 130);
    expect(await told(scene)).toMatchObject({ arrived: 30, missing: 0, unknown: 0 });
  });

  it('is that of the first failover, when it had to be started again', async () => {
    const scene = await failedOver();
    comesBack(scene);
    scene.there.copyTo('orders', 0, 120);
    const [first] = scene.runs;
    const record = scene.record('bound-loss');
    if (first === undefined || record === undefined) throw new Error('no run');
    scene.runs.unshift({ ...first, generation: 2 });
    const evidence = { ...record.evidence, stoppedAt: { orders: [120, 200] } };
    scene.records.set('2 bound-loss', { ...record, generation: 2, evidence });
    expect(await told(scene)).toMatchObject({ generation: 1, arrived: 20, missing: 10 });
  });

  it('is shown by a failback before anything is moved, and no more once applications are back', async () => {
    const scene = await failedOver();
    await scene.pass('report', 'failover');
    comesBack(scene);
    await scene.upTo('check-flow', 'failback', 'run-2');
    expect(await scene.pass('check-flow', 'failback', 'run-2')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('30 are not in west yet'),
    });
    scene.there.copyTo('orders', 0, 130);
    expect(await scene.pass('check-flow', 'failback', 'run-2')).toMatchObject({
      verdict: 'PASS',
      says: expect.stringContaining('30 records have arrived since, none is missing'),
    });
    await scene.upTo('report', 'failback', 'run-2');
    expect(await told(scene)).toBeUndefined();
  });

  it('is read once by a failback, when the flow is well', async () => {
    const scene = await failedOver();
    await scene.pass('report', 'failover');
    comesBack(scene);
    await scene.upTo('check-flow', 'failback', 'run-2');
    for (const mapping of scene.back.all) mapping.enabled = false;
    const reads: boolean[] = [];
    const { runs } = scene.journal;
    scene.journal.runs = (limit) => {
      reads.push(scene.back.all.every(({ enabled }) => enabled));
      return runs(limit);
    };
    scene.meanwhile = () => {
      if (scene.now > begun + 5_000) for (const mapping of scene.back.all) mapping.enabled = true;
    };
    const begun = scene.now;

    expect(await scene.pass('check-flow', 'failback', 'run-2')).toMatchObject({ verdict: 'WARN' });
    expect(reads).toEqual([true]);
  });
});
