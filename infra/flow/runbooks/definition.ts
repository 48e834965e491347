import type { Approval, ExecutionInput } from '../../../shared/runbook/machine.ts';
import { RunbookKind, StartedBy } from '../../../shared/runbook/runbook.ts';
import { stagesOf } from '../../../shared/runbook/stages.ts';
import { isUndoneAt } from './after-a-stop.ts';
import { type Choice, type Definition, jsonata, literal, type State } from './asl.ts';
import { endStates, UNDO_LIMIT_S } from './end-states.ts';
import { lookAgain } from './look-again.ts';
import {
  approveState,
  BEGINS,
  callState,
  MOST_SECONDS,
  MOST_SECONDS_TO_ASK,
  NOTHING_STOPPED,
  outcomeState,
  type RunbookFunction,
} from './stage-states.ts';

/** What distinguishes the machine of one flow and kind from another's. */
export interface MachineProps {
  readonly kind: RunbookKind;
  /** Whether a person is asked where the execution's input does not say. */
  readonly approval: Approval;
  readonly function: RunbookFunction;
}

/** The state machine of a runbook: its stages in order, each followed by a choice; then how it ends. */
export function stateMachine({ kind, approval, function: fn }: MachineProps): Definition {
  const stages = stagesOf(kind);
  const entry = (index: number): string => {
    const name = stages[index]?.name;
    if (name === undefined) return 'conclude';
    return name === 'approve' ? 'is approval asked for?' : name;
  };
  const states = stages.flatMap((stage, index): [string, State][] => {
    const { name, proves: says } = stage;
    const choice = `did ${name} pass?`;
    const to = { passed: entry(index + 1), stopped: isUndoneAt(kind, name) ? 'undo' : 'conclude' };
    const outcome: [string, State] = [choice, outcomeState(stage, to)];
    if (name !== 'approve') return [[name, callState(fn, { name, says, next: choice })], outcome];
    return [[entry(index), whetherToAsk(name, to.passed)], [name, approveState(fn, stage, choice)], outcome];
  });
  const again = lookAgain(kind, entry(0));
  return {
    Comment: `Causeway: ${kind}. Start it with {}, or {"dryRun": true} to hear what would stop it.`,
    QueryLanguage: 'JSONata',
    StartAt: 'is the input understood?',
    TimeoutSeconds: limitOf(kind) + again.seconds,
    States: {
      'is the input understood?': inputState(kind, approval, entry(0), again.begins),
      ...Object.fromEntries(states),
      ...endStates(fn, kind, again.rules),
      ...again.states,
    },
  };
}

/** What may start a runbook: nobody plans by alarm, and none is needed to try something out. */
function startersOf(kind: RunbookKind): readonly StartedBy[] {
  return Object.values(StartedBy).filter((by) => by !== StartedBy.Alarm || kind === RunbookKind.Failover);
}

/** Refuses what it does not know: with `{"dryrun": true}` nobody means a failover. */
function inputState(kind: RunbookKind, approval: Approval, next: string, more: object): Choice {
  const given = (name: keyof ExecutionInput) => `$exists($states.input.${name})`;
  const or = (name: keyof ExecutionInput, other: string) => `(${given(name)} ? $states.input.${name} : ${other})`;
  const [dryRun, asked, reason] = [or('dryRun', 'false'), or('approval', literal(approval)), or('reason', `''`)];
  const by = or('startedBy', literal(StartedBy.Person));
  const known = (['dryRun', 'approval', 'reason', 'startedBy'] as const).map((name) => `(${given(name)} ? 1 : 0)`);
  const understood = [
    `$type($states.input) = 'object'`,
    // A filter would say it shorter; `$`, which it needs, is refused in expressions.
    `$count($keys($states.input)) = ${known.join(' + ')}`,
    `$type(${dryRun}) = 'boolean'`,
    `${asked} in ['required', 'waived']`,
    `$type(${reason}) = 'string'`,
    `${by} in ${JSON.stringify(startersOf(kind))}`,
  ];
  const call = {
    runbook: kind,
    execution: jsonata('$states.context.Execution.Id'),
    dryRun: jsonata(dryRun),
    reason: jsonata(reason),
    startedBy: jsonata(by),
  };
  const asks = jsonata(`${asked} = 'required' and $not(${dryRun})`);
  return {
    Type: 'Choice',
    Choices: [
      {
        Condition: jsonata(understood.join(' and ')),
        Assign: { ...BEGINS, call, asks, ...NOTHING_STOPPED, ...more },
        Next: next,
      },
    ],
    Default: 'input refused',
  };
}

function whetherToAsk(approve: string, otherwise: string): Choice {
  return {
    Type: 'Choice',
    Choices: [{ Condition: jsonata('$asks'), Next: approve }],
    Default: otherwise,
  };
}

/** Of the whole machine: after all of the stages' own, for nothing is undone when it ends an execution. */
function limitOf(kind: RunbookKind): number {
  const limits = stagesOf(kind).map(({ name, limitSeconds }) => {
    return limitSeconds + (name === 'approve' ? MOST_SECONDS_TO_ASK : MOST_SECONDS);
  });
  return limits.reduce((sum, limit) => sum + limit, UNDO_LIMIT_S + 2 * MOST_SECONDS);
}
