import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { POINT_OF_NO_RETURN, type StageName, stagesOf } from '../../../shared/runbook/stages.ts';

/** The first stage of each runbook that is not followed by `undo` when it stops: what was done by then is to be gone on from. */
const STAYS_FROM = {
  [RunbookKind.Switchover]: POINT_OF_NO_RETURN,
  [RunbookKind.Failback]: POINT_OF_NO_RETURN,
  /** The source is gone: writers that are fenced are better off than writers sent back to it. */
  [RunbookKind.Failover]: 'fence-writers',
  /** The shadows are gone or going, whatever stops. */
  [RunbookKind.Drill]: 'remove-shadows',
} as const satisfies Record<RunbookKind, StageName>;

/** Whether a runbook that stops at `stage` is undone by itself, or stays there with its lock until somebody aborts it. */
export function isUndoneAt(kind: RunbookKind, stage: StageName): boolean {
  const order = stagesOf(kind).map(({ name }) => name);
  return order.indexOf(stage) < order.indexOf(STAYS_FROM[kind]);
}
