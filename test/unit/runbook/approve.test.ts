import { describe, expect, it } from 'vitest';
import { Scene } from './stages/scene.ts';

describe('The stage that asks a person', () => {
  it('waits with its token in the journal, which tells of the approval when the next stage is called', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-writers');
    expect(await scene.call('approve')).toMatchObject({ kind: 'waiting' });
    expect(scene.record('approve')?.evidence).toEqual({ taskToken: 'token' });
    await scene.pass('fence-writers');
    expect(scene.record('approve')).toMatchObject({ outcome: 'passed', verdict: 'PASS' });
  });

  it('is called again where the registry does not answer: its state would wait for a token that nobody has', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-writers');
    scene.registryAway = 1;

    expect(await scene.call('approve')).toMatchObject({
      kind: 'stopped',
      code: 'NOT_ASKED',
      says: expect.stringContaining('ProvisionedThroughputExceeded'),
    });
    expect(scene.record('approve')).toBeUndefined();
    expect(await scene.call('approve')).toMatchObject({ kind: 'waiting' });
  });

  it('is called again where the journal does not take the token', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-writers');
    scene.journalAway = 1;

    expect(await scene.call('approve')).toMatchObject({ kind: 'stopped', code: 'NOT_ASKED' });
    expect(await scene.call('approve')).toMatchObject({ kind: 'waiting' });
    expect(scene.record('approve')?.evidence).toEqual({ taskToken: 'token' });
  });

  it('asks nobody for a run that has lost the lock, nor for one that is to be undone', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-writers');
    await scene.requestAbort();
    expect(await scene.call('approve')).toMatchObject({ kind: 'stopped', code: 'RUN_ABORTED' });
    await scene.pass('lock', 'switchover', 'run-2');
    expect(await scene.call('approve')).toMatchObject({ kind: 'stopped', code: 'RUN_SUPERSEDED' });
  });
});
