import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stateMachine } from '../../../../infra/flow/runbooks/definition.ts';
import { type Approval, CALL_SECONDS } from '../../../../shared/runbook/machine.ts';
import { RunbookKind } from '../../../../shared/runbook/runbook.ts';
import { stagesOf } from '../../../../shared/runbook/stages.ts';
import { interpret, type Reaction } from './interpreter.ts';

const FUNCTION = { arn: 'arn:aws:lambda:us-west-2:111122223333:function:runbook', partition: 'aws' };
const PASSED: Reaction = { answer: { kind: 'passed', verdict: 'PASS', says: 'well' } };
const WAITING: Reaction = { answer: { kind: 'waiting', says: 'not yet' } };
const STOPPED: Reaction = { answer: { kind: 'stopped', code: 'NOT_WELL', says: 'not well' } };
const THROWN: Reaction = { throws: 'TypeError' };

interface Call {
  readonly stage: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Runs the machine; what `reactions` says nothing of passes. */
async function run(
  kind: RunbookKind,
  input: object,
  reactions: (stage: string, nth: number) => Reaction | undefined = () => undefined,
  { approval = 'required', callMs }: { readonly approval?: Approval; readonly callMs?: number } = {},
) {
  const calls: Call[] = [];
  const machine = stateMachine({ kind, approval, function: FUNCTION });
  const react = (payload: Record<string, unknown>) => {
    const stage = String(payload.stage);
    calls.push({ stage, payload });
    return reactions(stage, calls.filter((call) => call.stage === stage).length) ?? PASSED;
  };
  const ended = await interpret(machine, input, react, callMs);
  return { ...ended, calls, stages: calls.map(({ stage }) => stage), last: calls.at(-1)?.payload };
}

const only = (stage: string, reaction: Reaction) => (called: string) => (called === stage ? reaction : undefined);

describe('A run', () => {
  test('tells each stage what it is of, and the last call how it went', async () => {
    const { calls, last, status, output } = await run(RunbookKind.Failover, { reason: 'the region is gone' });

    const execution = 'arn:aws:states:us-west-2:111122223333:execution:causeway:1';
    const of = { runbook: 'failover', execution, dryRun: false, reason: 'the region is gone', startedBy: 'person' };
    expect(calls[0]?.payload).toEqual({ ...of, stage: 'lock' });
    expect(calls.find(({ stage }) => stage === 'approve')?.payload).toEqual({
      ...of,
      stage: 'approve',
      taskToken: 'token of approve',
    });
    expect(last).toEqual({ ...of, stage: 'conclude', stops: [], undone: { says: '', left: [] } });
    expect([status, output]).toEqual(['SUCCEEDED', { runbook: 'failover', dryRun: false }]);
  });

  test('is told of approval by its input before its deployment', async () => {
    const asks = async (input: object, approval: Approval) =>
      (await run(RunbookKind.Switchover, input, undefined, { approval })).stages.includes('approve');

    expect(await asks({}, 'required')).toBe(true);
    expect(await asks({}, 'waived')).toBe(false);
    expect(await asks({ approval: 'waived' }, 'required')).toBe(false);
    expect(await asks({ approval: 'required' }, 'waived')).toBe(true);
    expect(await asks({ approval: 'required', dryRun: true }, 'required')).toBe(false);
  });

  test('does not wait longer than a stage may take', async () => {
    const callMs = 10_000;
    const { stages, error, cause } = await run(RunbookKind.Switchover, { approval: 'waived' }, only('drain', WAITING), {
      callMs,
    });

    const calls = stages.filter((stage) => stage === 'drain').length;
    expect(calls * callMs).toBe(300_000);
    expect([error, cause]).toEqual([
      'drain.STAGE_TIMED_OUT',
      'drain: not within 300 s: not yet (STAGE_TIMED_OUT)\nwell',
    ]);
  });

  test('ends a stage that answers at once that it waits, long before its history is full', async () => {
    const { stages, error } = await run(RunbookKind.Drill, {}, only('lock', WAITING), { callMs: 1 });

    expect(stages).toEqual([...Array(60).fill('lock'), 'undo', 'conclude']);
    expect(error).toBe('lock.STAGE_TIMED_OUT');
  });

  test('asks a person once, whatever fails, unless the question did not get there', async () => {
    const asked = async (error: string) => {
      const { stages } = await run(RunbookKind.Switchover, {}, only('approve', { throws: error }));
      return stages.filter((stage) => stage === 'approve').length;
    };

    expect(await asked('REFUSED')).toBe(1);
    expect(await asked('States.Timeout')).toBe(1);
    expect(await asked('TypeError')).toBe(1);
    expect(await asked('Lambda.TooManyRequestsException')).toBe(4);
    expect(await asked('Runtime.ExitError')).toBe(4);
    expect(await asked('NOT_ASKED')).toBe(31);
  });

  test('calls again what failed, and what hung for a whole call once', async () => {
    const called = async (error: string) => {
      const { stages } = await run(RunbookKind.Drill, {}, only('shadow-groups', { throws: error }));
      return stages.filter((stage) => stage === 'shadow-groups').length;
    };

    expect(await called('TypeError')).toBe(4);
    expect(await called('Lambda.Unknown')).toBe(4);
    expect(await called('States.Timeout')).toBe(2);
    expect(await called('Sandbox.Timedout')).toBe(2);
  });

  test('ends though the function is broken altogether', async () => {
    const { status, error, cause } = await run(RunbookKind.Drill, {}, () => THROWN);

    expect([status, error]).toEqual(['FAILED', 'lock.TypeError']);
    expect(cause).toBe(
      'lock: the function threw TypeError (TypeError)\nundo did not end\nLeft: TypeError: the function threw TypeError',
    );
  });

  test('that is undone says so, with everything that was left', async () => {
    const left = ['the ACLs on orders', 'offsets of billing'];
    const { cause, last } = await run(RunbookKind.Failback, { approval: 'waived' }, (stage) => {
      if (stage === 'move-groups') return STOPPED;
      return stage === 'undo' ? { answer: { kind: 'passed', says: 'Undone.', left } } : undefined;
    });

    expect(cause).toBe(`move-groups: not well (NOT_WELL)\nUndone.\nLeft: ${left[0]}\nLeft: ${left[1]}`);
    expect(last?.undone).toEqual({ says: 'Undone.', left });
  });

  test('may take as long as all its stages, and the function never longer than its call', () => {
    for (const kind of Object.values(RunbookKind)) {
      const { States } = stateMachine({ kind, approval: 'waived', function: FUNCTION });
      for (const [name, state] of Object.entries(States))
        if (state.Type === 'Task' && name !== 'approve') expect(state.TimeoutSeconds).toBeGreaterThan(CALL_SECONDS);
    }
  });
});

describe('An input', () => {
  test.each([
    ['a text', 'dryRun'],
    ['a list', [{ dryRun: true }]],
    ['another key', { dryrun: true }],
    ['another key beside', { dryRun: true, force: true }],
    ['a text for a truth', { dryRun: 'true' }],
    ['no approval known', { approval: 'maybe' }],
    ['null', { dryRun: null }],
  ])('that is %s begins nothing', async (_, input) => {
    const { error, stages } = await run(RunbookKind.Failover, input as object);
    expect([error, stages]).toEqual(['INPUT_NOT_UNDERSTOOD', []]);
  });
});

test.each<[RunbookKind, string, boolean]>([
  ['failover', 'alarm', true],
  ['failover', 'plan', true],
  ['switchover', 'alarm', false],
  ['failback', 'alarm', false],
  ['drill', 'alarm', false],
  ['drill', 'schedule', true],
  ['failover', 'nobody', false],
])('A %s that says it was started by %s begins: %s', async (kind, startedBy, begins) => {
  const { calls, error } = await run(kind, { startedBy, approval: 'waived' });

  expect(calls.length > 0).toBe(begins);
  if (begins) expect(calls.map(({ payload }) => payload.startedBy)).toEqual(calls.map(() => startedBy));
  else expect(error).toBe('INPUT_NOT_UNDERSTOOD');
});

test('A failover that an alarm started waits for a person where one has to approve', async () => {
  const { stages } = await run(RunbookKind.Failover, { startedBy: 'alarm' }, undefined, { approval: 'required' });
  expect(stages).toContain('approve');
});

/** How a stage behaves: it waits so often, and then does this. */
const behaviour = fc.record({
  waits: fc.nat({ max: 3 }),
  does: fc.constantFrom<Reaction>(PASSED, PASSED, PASSED, STOPPED, THROWN, { answer: null }),
});

test('Any run calls its stages in order up to the first that stops, and ends with its name', async () => {
  const anyRun = fc.record({
    kind: fc.constantFrom(...Object.values(RunbookKind)),
    dryRun: fc.boolean(),
    behaviours: fc.dictionary(
      fc.constantFrom('lock', 'drain', 'stop-flow', 'move-groups', 'canary', 'report'),
      behaviour,
    ),
  });
  await fc.assert(
    fc.asyncProperty(anyRun, async ({ kind, dryRun, behaviours }) => {
      const { stages, status, error, last } = await run(kind, { dryRun, approval: 'waived' }, (stage, nth) => {
        const { waits = 0, does = PASSED } = behaviours[stage] ?? {};
        return nth <= waits ? WAITING : does;
      });

      const all = stagesOf(kind).flatMap(({ name }) => (name === 'approve' ? [] : [name]));
      const stopping = all.filter((name) => (behaviours[name]?.does ?? PASSED) !== PASSED);
      const [first] = stopping;
      const upTo = dryRun || first === undefined ? all : all.slice(0, all.indexOf(first) + 1);
      const inOrder = stages.filter((stage, index) => stage !== stages[index - 1]);
      expect(inOrder.filter((stage) => stage !== 'undo')).toEqual([...upTo, 'conclude']);
      expect(inOrder.includes('undo') && dryRun).toBe(false);
      expect(status).toBe(first === undefined ? 'SUCCEEDED' : 'FAILED');
      const told = (dryRun ? stopping : stopping.slice(0, 1)).map((stage) => expect.objectContaining({ stage }));
      expect(last?.stops).toEqual(told);
      if (first !== undefined) expect(error).toMatch(dryRun ? /^WOULD_STOP$/ : new RegExp(`^${first}\\.`));
    }),
    { numRuns: 60 },
  );
});
