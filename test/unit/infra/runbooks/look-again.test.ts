import { describe, expect, test } from 'vitest';
import { stateMachine } from '../../../../infra/flow/runbooks/definition.ts';
import { LOOK_AGAIN_S, LOOKS } from '../../../../infra/flow/runbooks/look-again.ts';
import { RunbookKind, type StartedBy } from '../../../../shared/runbook/runbook.ts';
import type { StepName } from '../../../../shared/runbook/stages.ts';
import { FLOW, Scene } from '../../runbook/stages/scene.ts';
import { interpret, type Reaction } from './interpreter.ts';

const FUNCTION = { arn: 'arn:aws:lambda:us-west-2:111122223333:function:runbook', partition: 'aws' };
const PASSED: Reaction = { answer: { kind: 'passed', verdict: 'PASS', says: 'well' } };
const stopped = (code: string): Reaction => ({ answer: { kind: 'stopped', code, says: 'it answers' } });
const ATTEMPT = ['lock', 'prove-source', 'undo', 'conclude'];

/** A failover whose source is found by each attempt in turn as `finds` says; the last goes on. */
async function failover(startedBy: StartedBy, ...finds: Reaction[]) {
  const stages: string[] = [];
  const concluded: unknown[] = [];
  const react = ({ stage, stops }: Record<string, unknown>): Reaction => {
    stages.push(String(stage));
    if (stage === 'conclude') concluded.push(stops);
    if (stage !== 'prove-source') return PASSED;
    return (finds.length > 1 ? finds.shift() : finds[0]) ?? PASSED;
  };
  const machine = stateMachine({ kind: RunbookKind.Failover, approval: 'waived', function: FUNCTION });
  const ended = await interpret(machine, { startedBy }, react);
  return { ...ended, stages, concluded, waits: ended.entered.filter((name) => machine.States[name]?.Type === 'Wait') };
}

describe('A failover that an alarm started', () => {
  test('looks again as long as brokers answer and heartbeats stay away, and goes on when both are gone', async () => {
    const { status, stages, concluded, waits } = await failover(
      'alarm',
      stopped('BROKERS_ANSWER'),
      stopped('BROKERS_ANSWER'),
      PASSED,
    );

    expect(status).toBe('SUCCEEDED');
    expect(stages.slice(0, 10)).toEqual([...ATTEMPT, ...ATTEMPT, 'lock', 'prove-source']);
    expect(stages.filter((stage) => stage === 'promote')).toHaveLength(1);
    expect(waits).toHaveLength(2);
    // Each attempt tells of itself alone.
    const told = [expect.objectContaining({ stage: 'prove-source', code: 'BROKERS_ANSWER' })];
    expect(concluded).toEqual([told, told, []]);
  });

  test('ends when heartbeats arrive again', async () => {
    const { error, waits } = await failover('alarm', stopped('BROKERS_ANSWER'), stopped('SOURCE_ANSWERS'));
    expect([error, waits.length]).toEqual(['prove-source.SOURCE_ANSWERS', 1]);
  });

  test.each(['SOURCE_ANSWERS', 'RUN_ABORTED', 'NO_SECOND_PROOF'])('does not look again after %s', async (code) => {
    const { error, stages } = await failover('alarm', stopped(code));
    expect([error, stages]).toEqual([`prove-source.${code}`, ATTEMPT]);
  });

  test('looks for some hours and no longer', async () => {
    const { error, waits, stages } = await failover('alarm', stopped('BROKERS_ANSWER'));
    expect([error, waits.length]).toEqual(['prove-source.BROKERS_ANSWER', LOOKS]);
    expect(stages).toHaveLength((LOOKS + 1) * ATTEMPT.length);
    const timeOf = (kind: RunbookKind) => stateMachine({ kind, approval: 'waived', function: FUNCTION }).TimeoutSeconds;
    expect(timeOf('failover') - timeOf('switchover')).toBeGreaterThan(LOOKS * (LOOK_AGAIN_S + 60 + 60 + 300) - 3_600);
  });
});

test('With the real stages each attempt is a run of its own, and the one that finds the source gone moves applications', async () => {
  const scene = Scene.withOrders();
  scene.beats = false;
  scene.heartbeatAt = scene.now - 400_000;
  const execution = 'run-1';
  let attempts = 0;
  const react = async ({ stage }: Record<string, unknown>): Promise<Reaction> => {
    if (stage === 'conclude') return PASSED;
    if (stage === 'lock' && ++attempts === 3) {
      scene.east.lose();
      scene.there.controlPlaneAway = true;
    }
    return { answer: await scene.call(stage as StepName, 'failover', { execution }) };
  };
  const machine = stateMachine({ kind: 'failover', approval: 'waived', function: FUNCTION });

  const { status, cause } = await interpret(machine, { startedBy: 'alarm' }, react, 0, {
    execution,
    now: () => scene.now,
  });

  expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
  expect(scene.entry).toMatchObject({ active: FLOW.target, clients: 'serving', generation: 3, run: undefined });
  expect(scene.runs.map(({ generation }) => generation)).toEqual([3, 2, 1]);
});

test.each(['person', 'plan', 'schedule'] as const)('A failover that %s started looks once', async (startedBy) => {
  const { error, stages } = await failover(startedBy, stopped('BROKERS_ANSWER'));
  expect([error, stages]).toEqual(['prove-source.BROKERS_ANSWER', ATTEMPT]);
});

test('No other runbook looks again', () => {
  for (const kind of Object.values(RunbookKind)) {
    const { States } = stateMachine({ kind, approval: 'waived', function: FUNCTION });
    const waits = Object.values(States).filter(({ Type }) => Type === 'Wait');
    expect([kind, waits.length]).toEqual([kind, kind === RunbookKind.Failover ? 1 : 0]);
  }
});
