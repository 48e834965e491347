import { CALL_SECONDS } from '../../../shared/runbook/machine.ts';
import type { RunbookKind } from '../../../shared/runbook/runbook.ts';
import type { StageDefinition, StageName } from '../../../shared/runbook/stages.ts';
import { type Choice, jsonata, literal, type Retry, type Task } from './asl.ts';

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
 * which the function failed, crashed or ran out of time. Only a person is not asked twice.
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

/** The longest that a call can take with all its retries, and with all of each kind. */
export const MOST_SECONDS = (1 + FAILED.MaxAttempts + TIMED_OUT.MaxAttempts) * (CALL_SECONDS + MARGIN_S + MAX_DELAY_S);

/** A call of the function: a stage's, or one of `undo` and `conclude`. Its answer, or its error, is in `$outcome`. */
export function callState(
  fn: RunbookFunction,
  kind: RunbookKind,
  call: { readonly name: string; readonly says: string; readonly next: string; readonly payload?: object },
): Task {
  return {
    Type: 'Task',
    Comment: call.says,
    Resource: resource(fn, 'lambda:invoke'),
    Arguments: { FunctionName: fn.arn, Payload: payloadOf(kind, call.name, call.payload) },
    TimeoutSeconds: CALL_SECONDS + MARGIN_S,
    Retry: [TIMED_OUT, FAILED],
    Assign: { outcome: jsonata('$states.result.Payload'), calls: jsonata('$calls + 1') },
    Output: jsonata('$states.result.Payload'),
    Catch: [caught(call.next)],
    Next: call.next,
  };
}

/** Waits for a person, who has the token from the journal. */
export function approveState(
  fn: RunbookFunction,
  kind: RunbookKind,
  { name, proves, limitSeconds }: StageDefinition,
  next: string,
): Task {
  const approved = jsonata(
    `{'kind': 'passed', 'says': 'approved' & ($exists($states.result.by) ? ' by ' & $states.result.by : '')}`,
  );
  return {
    Type: 'Task',
    Comment: proves,
    Resource: resource(fn, 'lambda:invoke.waitForTaskToken'),
    Arguments: {
      FunctionName: fn.arn,
      Payload: payloadOf(kind, name, { taskToken: jsonata('$states.context.Task.Token') }),
    },
    TimeoutSeconds: limitSeconds,
    Retry: [NOT_CALLED],
    Assign: { outcome: approved, calls: jsonata('$calls + 1') },
    Output: approved,
    Catch: [caught(next)],
    Next: next,
  };
}

/** What follows from a stage's answer. */
export function outcomeState(
  { name, limitSeconds }: StageDefinition & { readonly name: StageName },
  to: { readonly passed: string; readonly stopped: string },
): Choice {
  const stops = jsonata(`[$stops, ${stopOf(name, limitSeconds)}]`);
  return {
    Type: 'Choice',
    Comment: `Whether ${name} passed, is to be called again, or stops the runbook. A dry run goes on all the same.`,
    Choices: [
      { Condition: jsonata(`$outcome.kind = 'passed'`), Assign: BEGINS, Next: to.passed },
      { Condition: jsonata(`$outcome.kind = 'waiting' and ${inTime(limitSeconds)}`), Next: name },
      { Condition: jsonata('$run.dryRun'), Assign: { ...BEGINS, stops }, Next: to.passed },
      { Condition: OTHERWISE, Assign: { ...BEGINS, stops }, Next: to.stopped },
    ],
  };
}

/**
 * In place of a default with assignments: LocalStack makes those also for a rule that goes on to the same state, which
 * Step Functions does not.
 */
export const OTHERWISE = jsonata('true');

/** Variables as they are when a stage begins. */
export const BEGINS = { since: jsonata('$toMillis($states.context.State.EnteredTime)'), calls: 0 } as const;

/**
 * A stage that answers at once instead of waiting within its calls is called no oftener than once a second on average:
 * an execution ends without a word at 25,000 events.
 */
export function inTime(limitSeconds: number): string {
  return `$toMillis($states.context.State.EnteredTime) - $since < ${limitSeconds * 1_000} and $calls < ${limitSeconds}`;
}

/** As `StoppedAt`. */
function stopOf(name: StageName, limitSeconds: number): string {
  const late = `{'stage': '${name}', 'code': 'STAGE_TIMED_OUT', 'says': 'not within ${limitSeconds} s: ' & $string($outcome.says)}`;
  const code = `($exists($outcome.code) ? $outcome.code : 'ANSWER_NOT_UNDERSTOOD')`;
  return `($outcome.kind = 'waiting' ? ${late} : {'stage': '${name}', 'code': ${code}, 'says': $exists($outcome.says) ? $string($outcome.says) : ''})`;
}

function payloadOf(kind: RunbookKind, stage: string, more: object = {}) {
  return {
    stage,
    runbook: kind,
    execution: jsonata('$states.context.Execution.Id'),
    dryRun: jsonata('$run.dryRun'),
    reason: jsonata('$run.reason'),
    ...more,
  };
}

function caught(Next: string) {
  const { Error: error, Cause: cause } = { Error: '$states.errorOutput.Error', Cause: '$states.errorOutput.Cause' };
  const says = `$substring($exists(${cause}) ? $string(${cause}) : ${literal('without a word')}, 0, ${MAX_TEXT})`;
  const outcome = jsonata(`{'kind': 'stopped', 'code': ${error}, 'says': ${says}}`);
  return { ErrorEquals: ['States.ALL'], Assign: { outcome }, Next } as const;
}

function resource({ partition }: RunbookFunction, action: string): string {
  return `arn:${partition}:states:::${action}`;
}
