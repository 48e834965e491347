import { describe, expect, it } from 'vitest';
import { conclude } from '../../../../functions/runbook/conclude.ts';
import { conclusionOf, lostExecutionIn } from '../../../../functions/runbook/lost-execution.ts';
import type { RunbookPorts } from '../../../../shared/runbook/ports/ports.ts';
import { FLOW, Scene } from '../../runbook/stages/scene.ts';
import { NotedMeter } from '../noted-meter.ts';

const MACHINE = 'arn:aws:states:us-west-2:111122223333:stateMachine:causeway-us-east-to-us-west-switchover';

/** As EventBridge tells it, with more in it than is looked at. */
function told(status: string, input: unknown = '{}', stateMachineArn = MACHINE) {
  const detail = { executionArn: 'run-1', stateMachineArn, name: 'run-1', status, input, startDate: 1, stopDate: 2 };
  return { version: '0', source: 'aws.states', 'detail-type': 'Step Functions Execution Status Change', detail };
}

describe('an event of an execution', () => {
  it('that was stopped, or ran out of time, is one of a run that was lost', () => {
    const run = { execution: 'run-1', dryRun: false, reason: '', startedBy: 'person' };

    expect(lostExecutionIn(told('ABORTED'))).toEqual({ ...run, kind: 'switchover', code: 'EXECUTION_ABORTED' });
    expect(lostExecutionIn(told('ABORTED', {}))).toEqual(lostExecutionIn(told('ABORTED')));
    expect(lostExecutionIn(told('TIMED_OUT', '{"dryRun":true,"reason":"hourly"}'))).toEqual({
      ...{ ...run, dryRun: true, reason: 'hourly' },
      ...{ kind: 'switchover', code: 'EXECUTION_TIMED_OUT' },
    });
  });

  it.each([
    ['that failed, which has concluded', told('FAILED')],
    ['of another machine', told('ABORTED', '{}', 'arn:aws:states:us-west-2:111122223333:stateMachine:other')],
    ['with an input that is not understood', told('ABORTED', '{"dryRun":"perhaps"}')],
    ['that is a call of a stage', { stage: 'lock', runbook: 'drill', execution: 'run-1' }],
  ])('%s is none', (_, event) => {
    expect(lostExecutionIn(event)).toBeUndefined();
  });
});

describe('a run whose execution was lost', () => {
  const lost = lostExecutionIn(told('ABORTED'));
  if (lost === undefined) throw new Error('not understood');
  const concluding = async (ports: RunbookPorts) => {
    const call = await conclusionOf(lost, FLOW, ports);
    if (call === undefined) throw new Error('told before');
    return call;
  };

  it('has failed in the stage that it had come to, is told, reported, and keeps its lock', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    scene.there.copyTo('orders', 0, 1);
    await scene.call('drain');
    const ports = scene.ports('switchover');
    const meter = new NotedMeter();

    const report = await conclude(await concluding(ports), FLOW, ports, meter);

    expect(meter.sums.RunbookFailed).toBe(1);
    expect(scene.runs).toMatchObject([{ outcome: 'stopped', stoppedAt: 'drain' }]);
    expect(scene.record('drain')).toMatchObject({ outcome: 'stopped', error: { code: 'EXECUTION_ABORTED' } });
    expect(report).toMatch(/^s3:/);
    expect(scene.entry?.run?.execution).toBe('run-1');
  });

  it('between two attempts of what an alarm started has told of the last one before', async () => {
    const scene = Scene.withOrders();
    await scene.pass('lock', 'failover');
    await scene.pass('undo', 'failover');
    await scene.journal.endRun(1, { outcome: 'undone', endedAt: scene.now, stoppedAt: 'prove-source' });

    expect(await conclusionOf({ ...lost, kind: 'failover' }, FLOW, scene.ports('failover'))).toBeUndefined();
  });

  it('before it had the lock has failed as well, and stands in nobody else’s journal', async () => {
    const scene = Scene.withOrders();
    const ports = scene.ports('switchover');
    const meter = new NotedMeter();

    const report = await conclude(await concluding(ports), FLOW, ports, meter);

    expect([meter.sums.RunbookFailed, report, scene.records.size]).toEqual([1, undefined, 0]);
  });
});
