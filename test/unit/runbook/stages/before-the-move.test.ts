import { describe, expect, it } from 'vitest';
import { Scene } from './scene.ts';

describe('lock', () => {
  it('is taken once by an execution, however often it is called', async () => {
    const scene = Scene.withOrders();
    await scene.call('lock');
    expect(await scene.call('lock')).toMatchObject({ kind: 'passed' });
    expect(scene.entry).toMatchObject({ generation: 1, version: 1, run: { execution: 'run-1' } });
    expect(scene.record('lock')).toMatchObject({ generation: 1, execution: 'run-1', outcome: 'passed' });
  });

  it('waits while another execution runs, and goes on with what one that has ended left', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    scene.running.add('run-1');
    expect(await scene.call('lock', 'failover', { execution: 'run-2' })).toMatchObject({
      kind: 'waiting',
      says: expect.stringContaining('run-1'),
    });
    scene.running.delete('run-1');
    expect(await scene.call('lock', 'failover', { execution: 'run-2' })).toMatchObject({
      kind: 'passed',
      says: expect.stringContaining('producers-fenced'),
    });
  });

  it('of a dry run warns of a run that was left half way, and not once it has ended', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    expect(await scene.call('lock', 'failover', { execution: 'dry', dryRun: true })).toMatchObject({
      ...{ kind: 'passed', verdict: 'WARN' },
      says: expect.stringMatching(/earlier run left half way: applications are on east, producers-fenced/),
    });
    await scene.pass('undo');
    expect(await scene.call('lock', 'failover', { execution: 'dry', dryRun: true })).toMatchObject({ verdict: 'PASS' });
  });

  it('refuses to move applications from where they are not', async () => {
    const scene = Scene.withOrders();
    expect(await scene.call('lock', 'failback')).toMatchObject({ kind: 'stopped', code: 'ALREADY_ACTIVE' });
  });
});

describe('lock, while a runbook of the other way is running,', () => {
  const run = { from: 'west', to: 'east', execution: 'theirs', startedAt: 0, abortRequested: false };
  const entry = { version: 1, active: 'west', clients: 'serving', generation: 9, changedAt: 0 } as const;
  const busy = () => {
    const scene = Scene.withOrders();
    scene.opposite = { ...entry, run: { ...run, kind: 'switchover' } };
    return scene;
  };

  it('ends a planned run, and its undo gives the lock back', async () => {
    const scene = busy();
    expect(await scene.call('lock')).toMatchObject({ kind: 'stopped', code: 'OPPOSITE_RUNBOOK_RUNNING' });
    expect(await scene.pass('undo')).toMatchObject({ kind: 'passed' });
    expect(scene.entry).toMatchObject({ active: 'east', run: undefined });
  });

  it('warns in an emergency, and in a dry run', async () => {
    expect(await busy().call('lock', 'failover')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('theirs'),
    });
    expect(await busy().call('lock', 'switchover', { dryRun: true })).toMatchObject({ verdict: 'WARN' });
  });

  it('lets drills begin, beside one and while one is running', async () => {
    expect(await busy().call('lock', 'drill')).toMatchObject({ verdict: 'PASS' });
    const scene = Scene.withOrders();
    scene.opposite = { ...entry, run: { ...run, kind: 'drill' } };
    expect(await scene.call('lock')).toMatchObject({ verdict: 'PASS' });
  });

  it('goes on with a run that stopped half way: it kept the other one from beginning', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    scene.opposite = { ...entry, run: { ...run, kind: 'switchover' } };
    expect(await scene.call('lock', 'switchover', { execution: 'run-2' })).toMatchObject({ verdict: 'PASS' });
  });

  it('does not begin a planned run where nobody can tell', async () => {
    const scene = Scene.withOrders();
    scene.opposite = new Error('no answer');
    expect(await scene.call('lock')).toMatchObject({ kind: 'stopped', code: 'OPPOSITE_UNKNOWN' });
    expect(await scene.call('lock', 'failover')).toMatchObject({ verdict: 'WARN' });
  });
});

describe('prove-source', () => {
  it('of a planned run passes when all brokers answer and heartbeats arrive', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('prove-source');
    expect(await scene.call('prove-source')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
  });

  it('of a planned run names the broker that does not answer, after it had time to restart', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('prove-source');
    scene.east.silent = ['b2:9092'];
    expect(await scene.call('prove-source')).toMatchObject({ kind: 'waiting' });
    const answer = await scene.pass('prove-source');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'SOURCE_NOT_WELL' });
    expect(answer.says).toContain('b2:9092');
  });

  it('of a planned run stops when heartbeats stay away, and warns where there are none at all', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('prove-source');
    scene.beats = false;
    scene.heartbeatAt = scene.now - 60_000;
    expect(await scene.pass('prove-source')).toMatchObject({ kind: 'stopped', code: 'SOURCE_NOT_WELL' });
    scene.heartbeatAt = undefined;
    expect(await scene.call('prove-source')).toMatchObject({ kind: 'passed', verdict: 'WARN' });
  });

  it('goes on where an earlier run has stopped the flow that heartbeats come by, and says that they prove nothing', async () => {
    for (const [kind, silent, dryRun] of [
      ['switchover', [], false],
      ['failover', ['b1:9092', 'b2:9092', 'b3:9092'], false],
      ['failover', [], true],
    ] as const) {
      const scene = Scene.withOrders();
      await scene.upTo('bound-loss');
      scene.beats = false;
      scene.heartbeatAt = scene.now - 60_000;
      scene.east.silent = [...silent];
      const again = { execution: 'run-2', dryRun };
      expect(await scene.call('lock', kind, again)).toMatchObject({ kind: 'passed' });

      expect(await scene.call('prove-source', kind, again)).toMatchObject({
        kind: 'passed',
        verdict: 'WARN',
        says: expect.stringContaining('held by switchover generation 1'),
      });
    }
  });

  it('of an emergency ends while most of the brokers answer', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('prove-source', 'failover');
    scene.beats = false;
    scene.east.silent = ['b1:9092'];
    const answer = await scene.call('prove-source', 'failover');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'SOURCE_ANSWERS' });
    expect(answer.says).toContain('switchover');
  });

  it('of an emergency says so when it is the brokers alone that answer: heartbeats may be the first to go', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('prove-source', 'failover');
    scene.beats = false;
    scene.heartbeatAt = scene.now - 60_000;
    const answer = await scene.call('prove-source', 'failover');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'BROKERS_ANSWER', says: expect.stringContaining('60 s') });
    scene.heartbeatAt = undefined;
    expect(await scene.call('prove-source', 'failover')).toMatchObject({ code: 'SOURCE_ANSWERS' });
  });

  it('of an emergency waits until heartbeats have stayed away as well', async () => {
    const scene = Scene.withOrders();
    scene.east.lose();
    scene.beats = false;
    scene.heartbeatAt = scene.now;
    await scene.upTo('prove-source', 'failover');
    const began = scene.now;
    expect(await scene.call('prove-source', 'failover')).toMatchObject({ kind: 'waiting' });
    expect(await scene.pass('prove-source', 'failover')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.now - began).toBeGreaterThanOrEqual(9_000);
  });

  it('of an emergency warns where a minority still answers, which cannot serve', async () => {
    const scene = Scene.withOrders();
    scene.east.silent = ['b1:9092', 'b2:9092'];
    scene.beats = false;
    scene.heartbeatAt = scene.now - 60_000;
    await scene.upTo('prove-source', 'failover');
    expect(await scene.call('prove-source', 'failover')).toMatchObject({ kind: 'passed', verdict: 'WARN' });
  });

  it('of an emergency is not content with one sign', async () => {
    const scene = Scene.withOrders();
    scene.east.lose();
    scene.beats = false;
    scene.heartbeatAt = undefined;
    await scene.upTo('prove-source', 'failover');
    expect(await scene.call('prove-source', 'failover')).toMatchObject({ kind: 'stopped', code: 'NO_SECOND_PROOF' });
  });
});
