import type { FlowId } from '../../shared/flow/flow.ts';
import type { RunbookCall } from '../../shared/runbook/machine.ts';
import { type RunbookRun, wayOfRunbook } from '../../shared/runbook/runbook.ts';

/** What is told of a run when its execution has ended. */
export type Ended = Pick<RunbookCall, 'runbook' | 'execution' | 'dryRun' | 'startedBy' | 'reason'>;

/** A run that has ended, before its generation was looked up. */
export function endedRun({ runbook: kind, ...ended }: Ended, flow: FlowId): RunbookRun {
  const { execution, dryRun, startedBy, reason } = ended;
  const way = wayOfRunbook(kind, flow);
  return { kind, flow, way, generation: 0, execution, startedBy, reason, dryRun, emergency: false };
}
