import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import type { StageOutcome, StageRecord } from '../stage.ts';
import type { StepName } from '../stages.ts';

type Journal = Pick<RunbookPorts, 'journal'>;

/** What the journal has of a stage in this execution. It decides nothing: without it a stage has its whole time again. */
export async function recordBefore(
  { generation, execution, dryRun }: RunbookRun,
  stage: StepName,
  { journal }: Journal,
): Promise<StageRecord | undefined> {
  if (generation === 0 && !dryRun) return undefined;
  const record = await journal.stage(generation, stage).catch(() => undefined);
  return record?.execution === execution ? record : undefined;
}

/**
 * What was done stays done though the journal does not take it: the next call tells it again.
 * @returns why the journal may not have it
 */
export async function keepRecord(record: StageRecord, run: RunbookRun, { journal }: Journal): Promise<unknown> {
  if (record.generation === 0 && !run.dryRun) return undefined;
  return journal.record(record).catch((error: unknown) => error);
}

/** Notes that a run has begun, for those who look for the newest. */
export async function keepBeginning(run: RunbookRun, startedAt: number, { journal }: Journal): Promise<void> {
  if (run.generation === 0 && !run.dryRun) return;
  const { generation, kind, way, execution, dryRun, startedBy, reason } = run;
  await journal.beginRun({ generation, kind, ...way, execution, startedAt, dryRun, startedBy, reason }).catch(() => {});
}

export interface CallTimes {
  /** ms since the epoch, of this call. */
  readonly began: number;
  readonly ended: number;
}

export function recordAfter(
  { generation, execution }: RunbookRun,
  stage: StepName,
  outcome: StageOutcome,
  before: StageRecord | undefined,
  { began, ended }: CallTimes,
): StageRecord {
  const error = outcome.kind === 'stopped' ? outcome.error : undefined;
  return {
    ...{ generation, execution, stage },
    startedAt: before?.startedAt ?? began,
    endedAt: outcome.kind === 'waiting' ? undefined : ended,
    calls: (before?.calls ?? 0) + 1,
    outcome: outcome.kind,
    verdict: outcome.kind === 'passed' ? outcome.verdict : undefined,
    says: outcome.kind === 'stopped' ? outcome.error.message : outcome.says,
    evidence: outcome.evidence,
    error: error && { code: error.code, safe: error.safe, next: error.next },
  };
}
