import type { RunbookRun } from '../runbook.ts';
import type { StageRecord } from '../stage.ts';

/** Where reports of runs are kept. */
export interface RunReports {
  /** May be repeated. @returns where it is. @throws CausewayError */
  write(run: RunbookRun, records: readonly StageRecord[]): Promise<string>;
}
