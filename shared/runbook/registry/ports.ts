import type { StageRecord } from '../stage.ts';
import type { StepName } from '../stages.ts';
import type { RegistryEntry } from './entry.ts';
import type { RunBeginning, RunEnd, RunSummary } from './run-summary.ts';

/** The registry entry of one flow. Reads are strongly consistent. */
export interface FlowRegistry {
  /** Undefined before the first run: applications are at the flow's source. */
  read(): Promise<RegistryEntry | undefined>;
  /** `entry.version` must be `expected + 1`; 0 expects that there is none. */
  write(expected: number, entry: RegistryEntry): Promise<'written' | 'conflict'>;
}

/**
 * What runs of one flow did, stage by stage. Nothing is decided by it: it is for people, reports and limits of time. A
 * journal is either that of the flow's runs, by generation, or that of one dry run, whose generation is 0.
 */
export interface RunJournal {
  stage(generation: number, stage: StepName): Promise<StageRecord | undefined>;
  /** Whatever its size: of evidence that is too large the longest lists are cut, and `leftOut` says by how much. */
  record(record: StageRecord): Promise<void>;
  /** All stages of one run, in the order of their first calls. */
  run(generation: number): Promise<readonly StageRecord[]>;
  /** Notes a run as running. One that is noted already stays as it is, so that it keeps the time of its start. */
  beginRun(run: RunBeginning): Promise<void>;
  /** Notes how a run ended, the last to say so counts. A run that was never noted is not made up. */
  endRun(generation: number, end: RunEnd): Promise<void>;
  /**
   * Runs, newest first, no dry runs. The next page: `before` is the generation of the last one.
   * @param limit 1 at least
   */
  runs(limit: number, before?: number): Promise<readonly RunSummary[]>;
  /** Dry runs that are still kept, newest first. */
  dryRuns(limit: number): Promise<readonly RunSummary[]>;
}

/** The state machines' executions. */
export interface Executions {
  /** False also for one that is not known any more. */
  isRunning(execution: string): Promise<boolean>;
}
