import type { CausewayError } from '../flow/errors.ts';
import type { RunbookRun } from './runbook.ts';
import type { StepName } from './stages.ts';

/**
 * - PASS: as it should be
 * - WARN: it goes on, and the report says what is to be looked at
 * - FAIL: it goes on as well, for clients have moved; what the stage is to prove is not so
 */
export const VERDICTS = ['PASS', 'WARN', 'FAIL'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What is kept as proof: plain JSON, no payloads of records, no secrets. */
export type Evidence = Readonly<Record<string, unknown>>;

/**
 * What one call of a stage comes to:
 * - passed: proven, and done
 * - waiting: nothing is wrong, something has to come about first; the stage is called again at once, until its limit
 * - stopped: it cannot go on
 */
export type StageOutcome =
  | { readonly kind: 'passed'; readonly verdict: Verdict; readonly says: string; readonly evidence: Evidence }
  | { readonly kind: 'waiting'; readonly says: string; readonly evidence: Evidence }
  | { readonly kind: 'stopped'; readonly error: CausewayError; readonly evidence: Evidence };

/** The time that one call of a stage has. */
export interface StageTime {
  /** ms since the epoch; a stage that waits for something answers `waiting` by then. */
  readonly until: number;
  /** When the stage was first called in this execution, ms since the epoch. */
  readonly since: number;
  /** What it told when it was called before in this execution; undefined: it was not. */
  readonly last: Evidence | undefined;
}

/**
 * One stage. Called any number of times, also by a second execution after the first was stopped: it finds out how things
 * are and does what is still to be done (nothing is remembered, all is proven again).
 */
export type Stage<Ports> = (run: RunbookRun, ports: Ports, time: StageTime) => Promise<StageOutcome>;

/** What the journal keeps of a stage, one item each. */
export interface StageRecord {
  readonly generation: number;
  readonly stage: StepName;
  /** ARN of the execution. Dry runs share the generation 0: a record of another execution is none of this one's. */
  readonly execution: string;
  /** ms since the epoch, of its first call. */
  readonly startedAt: number;
  /** Undefined while it goes on. */
  readonly endedAt: number | undefined;
  readonly calls: number;
  readonly outcome: 'passed' | 'waiting' | 'stopped';
  readonly verdict: Verdict | undefined;
  readonly says: string;
  readonly evidence: Evidence;
  /** Of a stage that stopped. */
  readonly error: { readonly code: string; readonly safe: string; readonly next: string } | undefined;
}
