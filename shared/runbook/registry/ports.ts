import type { StageRecord } from '../stage.ts';
import type { StepName } from '../stages.ts';
import type { RegistryEntry } from './entry.ts';

/** The registry entry of one flow. Reads are strongly consistent. */
export interface FlowRegistry {
  /** Undefined before the first run: applications are at the flow's source. */
  read(): Promise<RegistryEntry | undefined>;
  /** `entry.version` must be `expected + 1`; 0 expects that there is none. */
  write(expected: number, entry: RegistryEntry): Promise<'written' | 'conflict'>;
}

/** What runs of one flow did, stage by stage. Nothing is decided by it: it is for people, reports and limits of time. */
export interface RunJournal {
  stage(generation: number, stage: StepName): Promise<StageRecord | undefined>;
  record(record: StageRecord): Promise<void>;
  /** All stages of one run, in the order of their first calls. */
  run(generation: number): Promise<readonly StageRecord[]>;
}

/** The state machines' executions. */
export interface Executions {
  /** False also for one that is not known any more. */
  isRunning(execution: string): Promise<boolean>;
}
