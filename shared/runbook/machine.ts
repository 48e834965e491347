import type { RunbookKind, StartedBy } from './runbook.ts';
import type { Verdict } from './stage.ts';
import type { StageName } from './stages.ts';

/** What an execution is started with; `{}` starts it for real, with approval as it was deployed. Anything else is refused. */
export interface ExecutionInput {
  /** Nothing is changed; it ends with what would stop it. @default false */
  readonly dryRun?: boolean;
  /** Overrides what was deployed. A dry run asks nobody. */
  readonly approval?: Approval;
  /** Why it was started, for the report. */
  readonly reason?: string;
  /** What started it: `alarm` for failovers alone, which may less than what a person starts. @default `person` */
  readonly startedBy?: StartedBy;
}

export type Approval = 'required' | 'waived';

/** Where a run stopped, or where a dry run says that it would. */
export interface StoppedAt {
  readonly stage: StageName;
  /** Code of the stage's error; STAGE_TIMED_OUT, or the error's name where the function itself failed. */
  readonly code: string;
  readonly says: string;
}

interface Call {
  readonly runbook: RunbookKind;
  /** ARN of the execution. */
  readonly execution: string;
  readonly dryRun: boolean;
  /** Empty when nobody gave one. */
  readonly reason: string;
  readonly startedBy: StartedBy;
}

/**
 * What a state machine calls the function `runbook` with:
 * - a stage, as often as it answers `waiting`
 * - `approve`, until it does not throw {@link NOT_ASKED} any more, with the token that ends the waiting; what it answers is
 *   not looked at, and it stops by throwing
 * - `undo`, when it stopped before applications were moved, as often as it answers `waiting`
 * - `conclude`, last of all, however it went: publishes `RunbookFailed` or `RunbookDryRunFailed`, 0 or 1
 */
export type RunbookCall =
  | (Call & { readonly stage: Exclude<StageName, 'approve'> })
  | (Call & { readonly stage: 'approve'; readonly taskToken: string })
  | (Call & { readonly stage: 'undo'; readonly stops: readonly StoppedAt[] })
  /** `stops` is empty when nothing stopped it; `undone.says` is empty when nothing was undone. */
  | (Call & {
      readonly stage: 'conclude';
      readonly stops: readonly StoppedAt[];
      readonly undone: Omit<Undone, 'kind'>;
    });

/**
 * What the function answers: no evidence, which the journal has, for a state's data ends at 256 KiB. A fault that is
 * `retriable` is thrown, and the stage called again.
 */
export type RunbookAnswer =
  | { readonly kind: 'passed'; readonly verdict: Verdict; readonly says: string }
  | { readonly kind: 'waiting'; readonly says: string }
  | { readonly kind: 'stopped'; readonly code: string; readonly says: string };

/** What `undo` answers when it has done what can be done. */
export interface Undone {
  readonly kind: 'passed';
  readonly says: string;
  /** What could not be undone, a sentence each. */
  readonly left: readonly string[];
}

/**
 * Metrics of the function, in namespace Causeway.
 * - RunbookFailed: dimension Flow; 1 for a run that did not end well, 0 for one that did
 * - DrillAge: dimension Flow; seconds since the last drill that did what it was started for, told at the end of every run and
 *   dry run; nothing while there has been none
 * - RunbookDryRunFailed: dimensions Flow and Runbook; 1 when it would not succeed today, 0 when it would
 */
export const RunbookMetric = {
  Failed: 'RunbookFailed',
  DryRunFailed: 'RunbookDryRunFailed',
  DrillAge: 'DrillAge',
} as const;

/** What `approve` throws as long as it could not note its token: it is called again, with that or another one. */
export const NOT_ASKED = 'NOT_ASKED';

/** What every stage stops with once a person wants the run undone, and what the waiting for a person is then ended by. */
export const RUN_ABORTED = 'RUN_ABORTED';

/** What `prove-source` stops with where the brokers answer and the heartbeats stay away. */
export const BROKERS_ANSWER = 'BROKERS_ANSWER';

/** Seconds that one call may take: the function's time-out. */
export const CALL_SECONDS = 60;
