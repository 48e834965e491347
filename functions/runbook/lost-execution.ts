import { z } from 'zod';
import type { FlowId } from '../../shared/flow/flow.ts';
import type { RunbookCall } from '../../shared/runbook/machine.ts';
import type { RunbookPorts } from '../../shared/runbook/ports/ports.ts';
import { RunOutcome } from '../../shared/runbook/registry/run-summary.ts';
import { RunbookKind, type RunbookRun, StartedBy } from '../../shared/runbook/runbook.ts';
import { lately, standingOf } from '../../shared/runbook/stages/standing.ts';
import type { StageName } from '../../shared/runbook/stages.ts';
import { type Ended, endedRun } from './ended-run.ts';

const CODES = { ABORTED: 'EXECUTION_ABORTED', TIMED_OUT: 'EXECUTION_TIMED_OUT' } as const;

/** As EventBridge has it of Step Functions. */
const event = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    executionArn: z.string().min(1),
    stateMachineArn: z.string().min(1),
    status: z.enum(['ABORTED', 'TIMED_OUT']),
    /** A text; LocalStack has an empty one as the object that it is. */
    input: z.union([z.string().transform((text): unknown => JSON.parse(text)), z.strictObject({})]),
  }),
});
/** Of an execution that never was one, as one with an input that is not understood, nothing has to be told. */
const input = z.object({
  dryRun: z.boolean().default(false),
  reason: z.string().default(''),
  startedBy: z.enum(StartedBy).default(StartedBy.Person),
});

/** An execution that ended without having concluded. */
export interface LostExecution extends z.infer<typeof input> {
  readonly kind: RunbookKind;
  readonly execution: string;
  readonly code: (typeof CODES)[keyof typeof CODES];
}

/** Undefined: the event tells of none, but is a call of a stage. */
export function lostExecutionIn(asked: unknown): LostExecution | undefined {
  const { detail } = event.safeParse(asked).data ?? {};
  if (detail === undefined) return undefined;
  const kind = Object.values(RunbookKind).find((each) => detail.stateMachineArn.endsWith(`-${each}`));
  const given = input.safeParse(detail.input).data;
  return kind && given && { ...given, kind, execution: detail.executionArn, code: CODES[detail.status] };
}

/**
 * The call that would have concluded it: it stopped in the stage that it had come to. Undefined: it has concluded, and ended
 * later, as between two attempts of a failover that looks again.
 */
export async function conclusionOf(
  { kind, execution, dryRun, reason, startedBy, code }: LostExecution,
  flow: FlowId,
  ports: Pick<RunbookPorts, 'registry' | 'journal'>,
): Promise<Extract<RunbookCall, { readonly stage: 'conclude' }> | undefined> {
  const { outcome = RunOutcome.Running } = (await lately({ execution }, ports.journal).catch(() => undefined)) ?? {};
  if (outcome !== RunOutcome.Running) return undefined;
  const ended: Ended = { runbook: kind, execution, dryRun, reason, startedBy };
  const stage = await lastStage(endedRun(ended, flow), ports).catch((): StageName => 'lock');
  const says = code === 'EXECUTION_ABORTED' ? 'somebody stopped the execution' : "the execution's time was over";
  const stops = [{ stage, code, says }];
  return { ...ended, stage: 'conclude', stops, undone: NOTHING };
}

const NOTHING = { says: '', left: [] };

async function lastStage(run: RunbookRun, ports: Pick<RunbookPorts, 'registry' | 'journal'>): Promise<StageName> {
  const { generation } = await standingOf(run, 'report', ports);
  const records = (await ports.journal.run(generation)).filter(({ execution }) => execution === run.execution);
  const [newest] = records.toSorted((one, other) => other.startedAt - one.startedAt);
  return newest === undefined || newest.stage === 'undo' ? 'lock' : newest.stage;
}
