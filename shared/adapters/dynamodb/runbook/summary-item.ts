import { z } from 'zod';
import { RunOutcome, type RunSummary } from '../../../runbook/registry/run-summary.ts';
import { RunbookKind, StartedBy } from '../../../runbook/runbook.ts';
import { stepName } from './stage-item.ts';

const whole = z.int().nonnegative();

const summaryItem = z.object({
  generation: whole,
  kind: z.enum(RunbookKind),
  from: z.string().min(1),
  to: z.string().min(1),
  execution: z.string().min(1),
  startedAt: whole,
  endedAt: whole.optional(),
  outcome: z.enum(RunOutcome),
  stoppedAt: stepName.optional(),
  dryRun: z.boolean(),
  // Runs of earlier versions have neither.
  startedBy: z.enum(StartedBy).default(StartedBy.Person),
  reason: z.string().default(''),
});

/** @throws ZodError when the attributes are not those of a run */
export function decodeSummary(attributes: Readonly<Record<string, unknown>>): RunSummary {
  const { endedAt, stoppedAt, ...rest } = summaryItem.parse(attributes);
  return { ...rest, endedAt, stoppedAt };
}
