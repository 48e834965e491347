import type { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { type ChoiceRule, jsonata, type State } from './asl.ts';
import { callState, inTime, OTHERWISE, type RunbookFunction, STOPS } from './stage-states.ts';

/** Seconds that `undo` is waited for. */
export const UNDO_LIMIT_S = 300;

/** Longest `Error` and `Cause` that Step Functions takes, in characters, with room for what is not ASCII. */
const MAX_ERROR = 200;
const MAX_CAUSE = 8_000;

/**
 * How a runbook ends: undone where that is still possible, told to the function, and with what stopped it.
 * @param again where it does not end after all
 */
export function endStates(
  fn: RunbookFunction,
  kind: RunbookKind,
  again: readonly ChoiceRule[],
): Readonly<Record<string, State>> {
  const stops = `'stops': ${STOPS}`;
  return {
    undo: callState(fn, {
      name: 'undo',
      says: 'Takes back what was changed, the last first. Where nothing but the lock was taken, gives that back.',
      next: 'is it undone?',
      more: stops,
    }),
    'is it undone?': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata(`$outcome.kind = 'waiting' and ${inTime(UNDO_LIMIT_S)}`), Next: 'undo' },
        {
          Condition: jsonata(`$outcome.kind = 'passed'`),
          Assign: { undone: jsonata(`{'says': $outcome.says, 'left': [$outcome.left]}`) },
          Next: 'conclude',
        },
        { Condition: OTHERWISE, Assign: { undone: jsonata(NOT_UNDONE) }, Next: 'conclude' },
      ],
    },
    conclude: callState(fn, {
      name: 'conclude',
      says: 'Publishes how it went.',
      next: 'did it succeed?',
      more: `${stops}, 'undone': $undone`,
    }),
    'did it succeed?': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata('$count($stops) = 0'), Next: 'succeeded' },
        ...again,
        { Condition: OTHERWISE, Assign: { stopped: jsonata(STOPS) }, Next: 'stopped' },
      ],
    },
    succeeded: { Type: 'Succeed', Output: { runbook: kind, dryRun: jsonata('$call.dryRun') } },
    stopped: {
      Type: 'Fail',
      Error: jsonata(
        `$substring($call.dryRun ? 'WOULD_STOP' : $stopped[0].stage & '.' & $stopped[0].code, 0, ${MAX_ERROR})`,
      ),
      Cause: jsonata(`$substring(${CAUSE}, 0, ${MAX_CAUSE})`),
    },
    'input refused': {
      Type: 'Fail',
      Error: 'INPUT_NOT_UNDERSTOOD',
      Cause:
        'Nothing was begun. The input is {} or has dryRun (true or false), approval ("required" or "waived"), reason (a text), startedBy ("person", "schedule", "plan", or of a failover "alarm"), and nothing else.',
    },
  };
}

const NOT_UNDONE = `{
  'says': 'undo did not end',
  'left': [($exists($outcome.code) ? $outcome.code & ': ' : '') & ($exists($outcome.says) ? $outcome.says : '')]
}`;

/** Every stop on a line, then what became of the changes. */
const CAUSE = `
  $join($stopped.(stage & ': ' & says & ' (' & code & ')'), '\\n') & '\\n' & (
    $call.dryRun ? 'A dry run: nothing was changed.' :
    $undone.says = '' ? 'Nothing was undone. Start the runbook again when the cause is gone: it goes on from here.' :
    $undone.says & ($count($undone.left) = 0 ? '' : '\\nLeft: ' & $join($undone.left, '\\nLeft: '))
  )`;
