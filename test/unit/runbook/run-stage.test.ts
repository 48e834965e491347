import { describe, expect, it } from 'vitest';
import { stagesOf } from '../../../shared/runbook/stages.ts';
import { FLOW, Scene } from './stages/scene.ts';

describe('one call of a stage', () => {
  it('is refused once another run has the lock, and changes nothing then', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-writers');
    await scene.pass('lock', 'failover', 'run-2');
    scene.changes.length = 0;

    for (const stage of ['fence-writers', 'stop-flow', 'promote', 'release'] as const)
      expect(await scene.call(stage)).toMatchObject({
        kind: 'stopped',
        code: 'RUN_SUPERSEDED',
        says: expect.stringContaining('run-2'),
      });
    expect(await scene.call('undo')).toEqual({ kind: 'passed', says: 'Nothing was changed.', left: [] });
    expect(scene.changes).toEqual([]);
  });

  it('writes the report of a run that has given the lock back, also where the next run has it already', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('report');
    await scene.pass('lock', 'failback', 'run-2');

    expect(await scene.call('report')).toMatchObject({ kind: 'passed' });
    await scene.requestAbort();
    expect(await scene.call('report')).toMatchObject({ kind: 'passed' });
    expect(scene.record('report')).toMatchObject({ generation: 1, outcome: 'passed' });
    expect(await scene.call('report', 'switchover', { execution: 'run-3' })).toMatchObject({ code: 'RUN_SUPERSEDED' });
  });

  it.each([
    ['release', 'switchover', 'failback'],
    ['remove-shadows', 'drill', 'switchover'],
  ] as const)(
    'that gives the lock back (%s) and is called again, for its answer was lost, has passed also where the next run has it',
    async (stage, kind, next) => {
      const scene = Scene.withOrders();
      await scene.upTo(stage, kind);
      const told = await scene.call(stage, kind);
      await scene.pass('lock', next, 'run-2');
      scene.changes.length = 0;

      expect(await scene.call(stage, kind)).toEqual(told);
      expect(told.kind).toBe('passed');
      expect(scene.changes).toEqual([]);
      expect(await scene.call(stage, kind, { execution: 'run-0' })).toMatchObject({ code: 'RUN_SUPERSEDED' });
    },
  );

  it('ends a run that somebody wants undone, as long as applications were not moved', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    await scene.requestAbort();

    expect(await scene.call('drain')).toMatchObject({ kind: 'stopped', code: 'RUN_ABORTED' });
    expect(scene.record('drain')).toMatchObject({ outcome: 'stopped', error: { code: 'RUN_ABORTED' } });
  });

  it('keeps the time of its first call, counts calls, and is ended by its limit with what it waited for', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    scene.there.copyTo('orders', 1, 150);
    const began = scene.now;

    expect(await scene.call('drain')).toMatchObject({ kind: 'waiting', says: expect.stringContaining('orders-1: 50') });
    expect(await scene.call('drain')).toMatchObject({ kind: 'waiting' });
    expect(scene.record('drain')).toMatchObject({ startedAt: began, calls: 2, outcome: 'waiting', endedAt: undefined });

    const answer = await scene.pass('drain');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'STAGE_TIMED_OUT' });
    expect(answer.says).toContain('300 s');
    expect(answer.says).toContain('orders-1: 50 records');
    expect(scene.record('drain')?.startedAt).toBe(began);
    expect(scene.now - began).toBeGreaterThanOrEqual(300_000);
  });

  it('has noted, from the first on, what started the run and why', async () => {
    const scene = Scene.withOrders();
    await scene.pass('lock');
    expect(scene.runs).toMatchObject([{ generation: 1, startedBy: 'person', reason: 'a test' }]);
  });

  it('begins its time anew in another execution', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    scene.there.copyTo('orders', 1, 150);
    await scene.pass('drain');
    await scene.pass('lock', 'switchover', 'run-2');
    expect(await scene.call('drain', 'switchover', { execution: 'run-2' })).toMatchObject({ kind: 'waiting' });
  });

  it('waits for a table that is throttled, and for clusters that do not answer', async () => {
    const scene = Scene.withOrders();
    scene.registryAway = 1;
    expect(await scene.call('lock')).toMatchObject({
      kind: 'waiting',
      says: expect.stringContaining('ProvisionedThroughputExceeded'),
    });
    expect(await scene.call('lock')).toMatchObject({ kind: 'passed' });
    scene.west.away = true;
    expect(await scene.call('check-target')).toMatchObject({ kind: 'waiting', says: 'no broker of west answers' });
  });

  it('that fails by a defect of its own stops, and says so', async () => {
    const scene = Scene.withOrders();
    await scene.pass('lock');
    scene.west.probe = () => Promise.reject(new TypeError('x is not a function'));
    expect(await scene.call('check-target')).toMatchObject({
      kind: 'stopped',
      code: 'STAGE_FAILED',
      says: expect.stringContaining('x is not a function'),
    });
  });

  it('of a run that goes on after applications were moved proves nothing that came before', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('canary');
    scene.east.lose();
    scene.beats = false;
    await scene.pass('lock', 'failover', 'run-2');
    scene.changes.length = 0;

    for (const { name } of stagesOf('failover')) {
      if (name === 'approve') continue;
      expect(await scene.pass(name, 'failover', 'run-2'), name).toMatchObject({ kind: 'passed' });
    }
    expect(scene.entry).toMatchObject({ active: 'west', clients: 'serving', run: undefined });
    expect(scene.westGroups.at('payments', 'east.orders', 0)).toBe(100);
  });
});

describe('a whole runbook', () => {
  it.each(['switchover', 'failover', 'failback', 'drill'] as const)(
    'of a %s, tried without changing anything, changes nothing and passes every stage',
    async (kind) => {
      const scene = Scene.withOrders();
      if (kind === 'failback') {
        await scene.upTo('report');
        scene.westGroups.group('payments', { 'east.orders-0': 100 });
      }
      if (kind === 'failover') {
        scene.east.lose();
        scene.beats = false;
        scene.now += 60_000;
      }
      const before = { changes: [...scene.changes], entry: scene.entry };
      for (const { name } of stagesOf(kind)) {
        if (name === 'approve') continue;
        const answer = await scene.call(name, kind, { dryRun: true, execution: 'dry-run' });
        expect(answer, name).toMatchObject({ kind: 'passed' });
      }
      expect({ changes: scene.changes, entry: scene.entry }).toEqual(before);
      expect(scene.records.get('0 lock')).toMatchObject({ execution: 'dry-run', generation: 0 });
    },
  );

  it.each(['failover', 'failback'] as const)(
    'of a %s that is tried by schedule, on a day on which nobody needs it, has nothing that would stop it',
    async (kind) => {
      const scene = Scene.withOrders();
      scene.eastGroups.states.set('payments', 'Stable');
      scene.westGroups.group('payments', { 'east.orders-0': 40 });
      for (const { name } of stagesOf(kind)) {
        if (name === 'approve') continue;
        const answer = await scene.call(name, kind, { dryRun: true, execution: 'dry-run' });
        expect(answer, `${name}: ${answer.says}`).toMatchObject({ kind: 'passed' });
      }
      expect(scene.changes).toEqual([]);
    },
  );

  it('of a failover that is tried says so when nothing could tell that the source is gone', async () => {
    const scene = Scene.withOrders();
    scene.beats = false;
    scene.heartbeatAt = undefined;
    const answer = await scene.call('prove-source', 'failover', { dryRun: true, execution: 'dry-run' });
    expect(answer).toMatchObject({ kind: 'stopped', code: 'NO_SECOND_PROOF' });
  });

  it('of a switchover and a failback leaves applications and groups where they were, with nothing held', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('report');
    expect(scene.entry).toMatchObject({ active: 'west', clients: 'serving', generation: 1, run: undefined });
    expect(scene.westGroups.at('payments', 'east.orders', 1)).toBe(150);
    expect(scene.westGroups.at('payments', 'orders', 0)).toBe(7);
    scene.westGroups.group('payments', { 'east.orders-1': 200, 'orders-0': 9 });

    for (const { name } of stagesOf('failback')) {
      if (name === 'approve') continue;
      expect(await scene.pass(name, 'failback', 'run-2'), name).toMatchObject({ kind: 'passed' });
    }

    expect(scene.entry).toMatchObject({ active: FLOW.source, clients: 'serving', generation: 2, run: undefined });
    expect(scene.eastGroups.at('payments', 'orders', 1)).toBe(200);
    expect(scene.eastGroups.at('payments', 'west.orders', 0)).toBe(9);
    expect([scene.there.held, scene.back.held]).toEqual([undefined, undefined]);
    expect([...scene.there.all, ...scene.back.all].every(({ enabled }) => enabled)).toBe(true);
  });
});
