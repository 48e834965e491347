import validate from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { type Definition, nextsOf, type State } from '../../../../infra/flow/runbooks/asl.ts';
import { stateMachine } from '../../../../infra/flow/runbooks/definition.ts';
import { UNDO_LIMIT_S } from '../../../../infra/flow/runbooks/end-states.ts';
import { RunbookKind } from '../../../../shared/runbook/runbook.ts';
import { POINT_OF_NO_RETURN, stagesOf } from '../../../../shared/runbook/stages.ts';
import { reachableFrom } from './interpreter.ts';

/** Of one execution. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MOST_EVENTS = 25_000;
const MOST_SECONDS = 31_536_000;

const FUNCTION = {
  arn: 'arn:aws:lambda:us-west-2:111122223333:function:causeway-us-east-to-us-west-runbook',
  partition: 'aws',
};
const machineOf = (kind: RunbookKind): Definition => stateMachine({ kind, approval: 'required', function: FUNCTION });

/** What leads out of a state when the runbook stops there. */
function afterStop({ States }: Definition, stage: string): string | undefined {
  const choice = States[`did ${stage} pass?`];
  return choice?.Type === 'Choice' ? choice.Choices.at(-1)?.Next : undefined;
}

describe.each(Object.values(RunbookKind))('The state machine of %s', (kind) => {
  const machine = machineOf(kind);
  const stages = stagesOf(kind);
  const names = Object.keys(machine.States);

  test('is valid, its expressions included', () => {
    const { isValid, errorsText } = validate(structuredClone(machine));
    expect(isValid ? '' : errorsText('\n')).toBe('');
  });

  test('has a task for each stage of the table, in its order, and one for undo and for the end', () => {
    const tasks = names.filter((name) => machine.States[name]?.Type === 'Task');
    expect(tasks).toEqual([...stages.map(({ name }) => name), 'undo', 'conclude']);
  });

  test('leads everywhere, and from everywhere to an end', () => {
    expect([...reachableFrom(machine.States, machine.StartAt, nextsOf)].toSorted()).toEqual(names.toSorted());
    for (const name of names) {
      const ends = [...reachableFrom(machine.States, name, nextsOf)].map((each) => machine.States[each]?.Type);
      expect(ends.some((type) => type === 'Succeed' || type === 'Fail')).toBe(true);
    }
  });

  test('calls one function, ends every call and catches every error of it', () => {
    const tasks = Object.values(machine.States).filter((state) => state.Type === 'Task');
    for (const { Arguments, TimeoutSeconds, Catch, Retry } of tasks) {
      expect(Arguments.FunctionName).toBe(FUNCTION.arn);
      expect(TimeoutSeconds).toBeGreaterThan(60);
      expect(Catch.map(({ ErrorEquals }) => ErrorEquals)).toEqual([['States.ALL']]);
      expect(Retry.length).toBeGreaterThan(0);
    }
  });

  test('waits for each stage as long as the table says, and is itself ended after all of them', () => {
    const seconds = stages.map(({ limitSeconds }) => limitSeconds);
    for (const { name, limitSeconds } of stages)
      expect(JSON.stringify(machine.States[`did ${name} pass?`])).toContain(`$since < ${limitSeconds * 1_000} `);
    expect(machine.TimeoutSeconds).toBeGreaterThan(seconds.reduce((sum, each) => sum + each, 0));
    expect(machine.TimeoutSeconds).toBeLessThan(MOST_SECONDS);
  });

  test('ends by itself before its history is full, however often stages answer at once that they wait', () => {
    // A call is entered, scheduled, started, succeeded and exited, its choice entered and exited.
    const eventsOfCall = 5 + 2;
    const called = stages.filter(({ name }) => name !== 'approve');
    const calls = called.reduce((sum, { limitSeconds }) => sum + limitSeconds, UNDO_LIMIT_S);
    expect((calls + names.length) * eventsOfCall).toBeLessThan(MOST_EVENTS);
  });

  test('undoes what stops before the point of no return, and nothing after it', () => {
    const from = { switchover: POINT_OF_NO_RETURN, failback: POINT_OF_NO_RETURN }[String(kind)];
    const order = stages.map(({ name }) => name);
    const last = order.findIndex((name) => afterStop(machine, name) === 'conclude');
    expect(order.map((name) => afterStop(machine, name))).toEqual(
      order.map((_, index) => (index < last ? 'undo' : 'conclude')),
    );
    if (from !== undefined) expect(order[last]).toBe(from);
  });

  test('stays where the table says so, and is undone where it says that', () => {
    for (const { name, otherwise } of stages) {
      // "Planned: ... Failover: ...", or one for all.
      const said = kind === RunbookKind.Failover ? (otherwise.split('Failover: ')[1] ?? otherwise) : otherwise;
      if (/^(Planned: i|I)s undone/.test(said) && kind !== RunbookKind.Failover)
        expect([name, afterStop(machine, name)]).toEqual([name, 'undo']);
      if (/^(S|s)tays here/.test(said)) expect([name, afterStop(machine, name)]).toEqual([name, 'conclude']);
    }
  });
});

test('a definition that leads nowhere is found', () => {
  const machine = machineOf(RunbookKind.Drill);
  const states: Record<string, State> = { ...machine.States };
  delete states.conclude;
  expect(validate({ ...structuredClone(machine), States: structuredClone(states) }).isValid).toBe(false);
});
