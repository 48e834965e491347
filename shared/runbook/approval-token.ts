import type { StageRecord } from './stage.ts';

/** What the waiting for a person is ended by; undefined: nobody is waited for. @param approve the stage's record */
export function tokenIn(approve: StageRecord | undefined): string | undefined {
  const token = approve?.outcome === 'waiting' ? approve.evidence.taskToken : undefined;
  return typeof token === 'string' ? token : undefined;
}

/** As they may be shown: whoever has the token may approve. */
export function withoutTokens(stages: readonly StageRecord[]): readonly StageRecord[] {
  return stages.map((each) => {
    const { taskToken: _, ...evidence } = each.evidence;
    return { ...each, evidence };
  });
}
