import type { StageRecord } from '../../runbook/stage.ts';

/** What the waiting for a person is ended by; undefined: nobody is waited for. @param approve the stage's record */
export function tokenIn(approve: StageRecord | undefined): string | undefined {
  const token = approve?.outcome === 'waiting' ? approve.evidence.taskToken : undefined;
  return typeof token === 'string' ? token : undefined;
}
