import type { RunbookKind, StartedBy } from '../runbook.ts';
import type { StepName } from '../stages.ts';

/**
 * How a run stands:
 * - running: it has begun, and nobody has noted its end; one whose execution was stopped from outside stays like this
 * - finished: it did what it was started for
 * - undone: what it had changed was taken back, and the lock given back
 * - stopped: it stayed at its last good stage, with the lock
 */
export const RunOutcome = { Running: 'running', Finished: 'finished', Undone: 'undone', Stopped: 'stopped' } as const;
export type RunOutcome = (typeof RunOutcome)[keyof typeof RunOutcome];

/** One run in the journal. */
export interface RunSummary {
  /** 0 of a dry run. */
  readonly generation: number;
  readonly kind: RunbookKind;
  /** Aliases of the clusters. */
  readonly from: string;
  readonly to: string;
  /** ARN of the state machine's execution. */
  readonly execution: string;
  /** ms since the epoch */
  readonly startedAt: number;
  /** ms since the epoch; undefined while it is running. */
  readonly endedAt: number | undefined;
  readonly outcome: RunOutcome;
  /** The stage that did not pass. */
  readonly stoppedAt: StepName | undefined;
  readonly dryRun: boolean;
  readonly startedBy: StartedBy;
  /** As whoever started it put it; empty when nobody did. */
  readonly reason: string;
}

/** A run that begins. */
export type RunBeginning = Omit<RunSummary, 'endedAt' | 'outcome' | 'stoppedAt'>;

/** How a run ended. */
export interface RunEnd {
  readonly outcome: Exclude<RunOutcome, 'running'>;
  /** ms since the epoch */
  readonly endedAt: number;
  readonly stoppedAt: StepName | undefined;
}
