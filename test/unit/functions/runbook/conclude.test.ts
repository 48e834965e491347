import { describe, expect, it } from 'vitest';
import { conclude, endOf } from '../../../../functions/runbook/conclude.ts';
import type { RunEnd } from '../../../../shared/runbook/registry/run-summary.ts';
import { FLOW, Scene } from '../../runbook/stages/scene.ts';
import { NotedMeter } from '../noted-meter.ts';

const call = { runbook: 'switchover', execution: 'run-1', dryRun: false, reason: '', startedBy: 'person' } as const;
const stop = { stage: 'drain', code: 'Sandbox.Timedout', says: 'Task timed out after 60.00 seconds' } as const;
const NOTHING = { says: '', left: [] };

async function concluded(scene: Scene, about: Partial<Parameters<typeof conclude>[0]>) {
  const meter = new NotedMeter();
  const ends: [number, RunEnd][] = [];
  const ports = scene.ports('switchover');
  const endRun = async (generation: number, end: RunEnd) => void ends.push([generation, end]);
  const asked = { ...call, stage: 'conclude', stops: [], undone: NOTHING, ...about } as const;
  const report = await conclude(asked, FLOW, { ...ports, journal: { ...ports.journal, endRun } }, meter);
  return { ends, report, told: meter.sums, apart: meter.apart };
}

describe('the conclusion of a run', () => {
  it('that did what it was started for is told as that', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('report');
    await scene.pass('report');
    const { ends, told } = await concluded(scene, {});
    expect(ends).toMatchObject([[1, { outcome: 'finished', stoppedAt: undefined }]]);
    expect(told.RunbookFailed).toBe(0);
  });

  it('that was undone is told as that, and the stage that crashed has its end in the journal', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    scene.there.copyTo('orders', 0, 1);
    await scene.call('drain');
    await scene.pass('undo');
    const { ends, told } = await concluded(scene, { stops: [stop], undone: { says: 'done', left: [] } });
    expect(ends).toMatchObject([[1, { outcome: 'undone', stoppedAt: 'drain' }]]);
    expect(told.RunbookFailed).toBe(1);
    expect(scene.record('drain')).toMatchObject({ outcome: 'stopped', error: { code: 'Sandbox.Timedout' }, calls: 1 });
  });

  it('that stays where it stopped keeps its lock', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('canary');
    const { ends } = await concluded(scene, { stops: [{ ...stop, stage: 'canary' }] });
    expect(ends).toMatchObject([[1, { outcome: 'stopped', stoppedAt: 'canary' }]]);
    expect(scene.entry?.run?.execution).toBe('run-1');
  });

  it('of an alarm that found nothing to do is no failure, and makes none good; one that could not begin is', async () => {
    const refused = (code: string) => ({ ...stop, stage: 'lock', code }) as const;
    const told = async (about: Parameters<typeof concluded>[1]) =>
      (await concluded(Scene.withOrders(), about)).told.RunbookFailed;

    for (const code of ['ALREADY_ACTIVE', 'ALARM_TOO_SOON', 'RUN_UNFINISHED', 'STAGE_TIMED_OUT'])
      expect(await told({ startedBy: 'alarm', runbook: 'failover', stops: [refused(code)] })).toBeUndefined();
    expect(await told({ startedBy: 'alarm', runbook: 'failover', stops: [refused('EXECUTION_UNKNOWN')] })).toBe(1);
    expect(await told({ startedBy: 'alarm', runbook: 'failover', stops: [stop] })).toBe(1);
    expect(await told({ runbook: 'failover', stops: [refused('ALREADY_ACTIVE')] })).toBe(1);
  });

  it('that stopped is reported, with what was undone; that of a dry run, and of one that never had the lock, is not', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    await scene.call('drain');
    await scene.pass('undo');
    const undone = { says: 'done', left: [] };

    // Seven stages, with the one that crashed, and what took them back.
    expect((await concluded(scene, { stops: [stop], undone })).report).toBe('s3://reports/1-7');
    expect((await concluded(scene, { stops: [stop], dryRun: true })).report).toBeUndefined();
    expect((await concluded(scene, { stops: [stop], execution: 'another' })).report).toBeUndefined();
    expect((await concluded(scene, {})).report).toBeUndefined();
  });

  it('says why there is no report where none can be written', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('canary');
    scene.reportsAway = true;
    const { report, told } = await concluded(scene, { stops: [{ ...stop, stage: 'canary' }] });
    expect([report, told.RunbookFailed]).toEqual(['not written: S3 does not answer', 1]);
  });

  it('tells how long ago the last drill was that went well, also at the end of a dry run', async () => {
    const scene = Scene.withOrders();
    const drilled = { generation: 1, kind: 'drill', outcome: 'finished', endedAt: scene.now - 86_400_000 } as const;
    const others = [
      { ...drilled, generation: 4, outcome: 'stopped', endedAt: scene.now - 1_000 },
      { ...drilled, generation: 3, kind: 'switchover', endedAt: scene.now - 2_000 },
      { ...drilled, generation: 2, endedAt: scene.now - 3_600_000 },
    ] as const;
    const run = { from: 'east', to: 'west', execution: 'arn', startedAt: 0, stoppedAt: undefined, dryRun: false };
    scene.runs = [...others, drilled].map((each) => ({ ...run, startedBy: 'person', reason: '', ...each }));

    expect((await concluded(scene, { dryRun: true })).told.DrillAge).toBe(3_600);
    scene.runs = scene.runs.slice(0, 2);
    expect((await concluded(scene, {})).told).not.toHaveProperty('DrillAge');
  });

  it('tells clients that do not read the registry what it says, also before the first run', async () => {
    const scene = Scene.withOrders();
    await concluded(scene, { dryRun: true });
    expect(scene.changes).toEqual(['published east']);
    expect(scene.entry).toBeUndefined();
  });

  it('is published although the registry does not answer', async () => {
    const scene = Scene.withOrders();
    scene.registryAway = 9;
    const { ends, told } = await concluded(scene, { stops: [stop] });
    expect([ends, told.RunbookFailed]).toEqual([[], 1]);
  });

  it.each([
    [{}, { outcome: 'finished', startedBy: 'person', reason: 'first quarter' }],
    [{ stops: [stop] }, { outcome: 'stopped', stoppedAt: 'drain', code: stop.code, says: stop.says }],
    [
      { stops: [stop], undone: { says: 'done', left: [] } },
      { outcome: 'undone', stoppedAt: 'drain' },
    ],
    [{ dryRun: true }, { outcome: 'would finish' }],
    [
      { dryRun: true, stops: [stop] },
      { outcome: 'would stop', says: stop.says },
    ],
  ])('is a line of the history: %#', (about, expected) => {
    const asked = {
      ...call,
      reason: 'first quarter',
      stage: 'conclude',
      stops: [],
      undone: NOTHING,
      ...about,
    } as const;
    expect(endOf(asked)).toMatchObject(expected);
  });
});
