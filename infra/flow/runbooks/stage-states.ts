import { CALL_SECONDS, NOT_ASKED, RUN_ABORTED } from '../../../shared/runbook/machine.ts';
import type { StageDefinition, StageName } from '../../../shared/runbook/stages.ts';
import { type Choice, jsonata, type Retry, type Task } from './asl.ts';

/** The function that has all stages, and where it is invoked by. */
export interface RunbookFunction {
  readonly arn: string;
  /** `aws`, `aws-cn`, ... */
  readonly partition: string;
}

/** Left for Lambda's own way to an answer, so that the function ends a call and not the state machine. */
const MARGIN_S = 10;
const MAX_DELAY_S = 4;
/** Longest text that is carried along in variables; the journal has the whole. */
const MAX_TEXT = 2_000;

/**
 * Every stage may be called again at any time, so every failed call is: those that Lambda did not come to, and those in
 * which the function failed, crashed or ran out of time. Only a person who was asked is not asked again.
 */
const again = (MaxAttempts: number, ...ErrorEquals: readonly string[]): Retry => ({
  ErrorEquals,
  ...{ IntervalSeconds: 1, BackoffRate: 2, MaxDelaySeconds: MAX_DELAY_S, MaxAttempts, JitterStrategy: 'FULL' },
});
const FAILED = again(3, 'States.TaskFailed');
/** What hung for a whole call mostly hangs again. */
const TIMED_OUT = again(1, 'Sandbox.Timedout', 'States.Timeout');
/** Lambda's own: the function did not get the call. */
const NOT_CALLED = again(
  3,
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.ClientExecutionTimeoutException',
);
/** The function could not note the token, as when a table is throttled: about as long as other stages wait for that. */
const NOTED_NOWHERE = again(30, NOT_ASKED);
/** The function ended without a word: whether the token was noted is not known, and the next one is noted in its place. */
const CUT_OFF = again(3, 'Sandbox.Timedout', 'Runtime.ExitError', 'Lambda.Unknown');

/** The longest that a call can take with all its retries, and with all of each kind. */
export const MOST_SECONDS = (1 + FAILED.MaxAttempts + TIMED_OUT.MaxAttempts) * (CALL_SECONDS + MARGIN_S + MAX_DELAY_S);

/** A call of the function: a stage's, or one of `undo` and `conclude`. Its answer, or its error, is in `$outcome`. */
export function callState(
  fn: RunbookFunction,
  call: { readonly name: string; readonly says: string; readonly next: string; readonly more?: string },
): Task {
  const outcome = jsonata('$states.result.Payload');
  return {
    ...task(fn, call, 'lambda:invoke'),
    TimeoutSeconds: CALL_SECONDS + MARGIN_S,
    Retry: [TIMED_OUT, FAILED],
    Assign: { outcome, calls: jsonata('$calls + 1') },
    Output: outcome,
  };
}

/** The longest until somebody is asked, or the run stops because nobody can be. */
export const MOST_SECONDS_TO_ASK =
  (1 + NOT_CALLED.MaxAttempts + NOTED_NOWHERE.MaxAttempts + CUT_OFF.MaxAttempts) * (CALL_SECONDS + MAX_DELAY_S);

/** Waits for a person, who has the token from the journal. */
export function approveState(fn: RunbookFunction, stage: StageDefinition, next: string): Task {
  const { name, proves: says, limitSeconds } = stage;
  const by = `($exists($states.result.by) ? ' by ' & $states.result.by : '')`;
  const outcome = jsonata(`{'kind': 'passed', 'says': 'approved' & ${by}}`);
  return {
    ...task(
      fn,
      { name, says, next, more: `'taskToken': $states.context.Task.Token` },
      'lambda:invoke.waitForTaskToken',
    ),
    TimeoutSeconds: limitSeconds,
    Retry: [NOTED_NOWHERE, CUT_OFF, NOT_CALLED],
    Assign: { outcome, calls: jsonata('$calls + 1') },
    Output: outcome,
  };
}

/**
 * What follows from a stage's answer: it passed, is to be called again, or stops the runbook. A dry run goes on then. What a
 * person has aborted is undone at whatever stage: the registry takes no abort once applications were moved.
 */
export function outcomeState(
  { name, limitSeconds }: StageDefinition & { readonly name: StageName },
  to: { readonly passed: string; readonly stopped: string },
): Choice {
  const { passed, stopped } = to;
  const isAborted = jsonata(`$outcome.kind = 'stopped' and $outcome.code = '${RUN_ABORTED}'`);
  const stops = jsonata(`[$stops, {'stage': '${name}', 'limit': ${limitSeconds}, 'outcome': $outcome}]`);
  return {
    Type: 'Choice',
    Choices: [
      { Condition: jsonata(`$outcome.kind = 'passed'`), Assign: BEGINS, Next: passed },
      { Condition: jsonata(`$outcome.kind = 'waiting' and ${inTime(limitSeconds)}`), Next: name },
      { Condition: jsonata('$call.dryRun'), Assign: { ...BEGINS, stops }, Next: passed },
      ...(stopped === 'undo' ? [] : [{ Condition: isAborted, Assign: { ...BEGINS, stops }, Next: 'undo' }]),
      { Condition: OTHERWISE, Assign: { ...BEGINS, stops }, Next: stopped },
    ],
  };
}

/** What the choices after stages have put into `$stops`, each as `StoppedAt`. */
export const STOPS = `[$stops.{
  'stage': stage,
  'code': outcome.kind = 'waiting' ? 'STAGE_TIMED_OUT' : $exists(outcome.code) ? outcome.code : 'ANSWER_NOT_UNDERSTOOD',
  'says': (outcome.kind = 'waiting' ? 'not within ' & limit & ' s: ' : '') & outcome.says
}]`;

/**
 * In place of a default with assignments: LocalStack makes those also for a rule that goes on to the same state, which
 * Step Functions does not.
 */
export const OTHERWISE = jsonata('true');

/** Variables as they are when a run begins, besides those of its first stage. */
export const NOTHING_STOPPED = { stops: [], undone: jsonata(`{'says': '', 'left': []}`) };

/** Variables as they are when a stage begins. */
export const BEGINS = { since: jsonata('$toMillis($states.context.State.EnteredTime)'), calls: 0 } as const;

/**
 * A stage that answers at once instead of waiting within its calls is called no oftener than once a second on average:
 * an execution ends without a word at 25,000 events.
 */
export function inTime(limitSeconds: number): string {
  return `$toMillis($states.context.State.EnteredTime) - $since < ${limitSeconds * 1_000} and $calls < ${limitSeconds}`;
}

function task(
  fn: RunbookFunction,
  call: { readonly name: string; readonly says: string; readonly next: string; readonly more?: string },
  action: string,
) {
  const { name, says, next, more } = call;
  const own = [`'stage': '${name}'`, ...(more === undefined ? [] : [more])].join(', ');
  const error = `'code': $states.errorOutput.Error, 'says': $substring($states.errorOutput.Cause, 0, ${MAX_TEXT})`;
  const outcome = jsonata(`{'kind': 'stopped', ${error}}`);
  return {
    Type: 'Task',
    Comment: says,
    Resource: `arn:${fn.partition}:states:::${action}`,
    Arguments: { FunctionName: fn.arn, Payload: jsonata(`$merge([$call, {${own}}])`) },
    Catch: [{ ErrorEquals: ['States.ALL'], Assign: { outcome }, Next: next }],
    Next: next,
  } as const;
}
