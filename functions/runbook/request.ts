import { z } from 'zod';
import type { RunbookCall } from '../../shared/runbook/machine.ts';
import { RunbookKind, StartedBy } from '../../shared/runbook/runbook.ts';
import { STAGES } from '../../shared/runbook/stages.ts';

/** Longest ARN of an execution; AWS's own limit is 2,048 characters for any ARN. */
const MAX_ARN = 2_048;

const call = z.object({
  runbook: z.enum(RunbookKind),
  execution: z.string().min(1).max(MAX_ARN),
  dryRun: z.boolean().default(false),
  reason: z.string().default(''),
  startedBy: z.enum(StartedBy).default(StartedBy.Person),
});

const names = STAGES.map(({ name }) => name);

const stops = z.array(z.object({ stage: z.enum(names), code: z.string(), says: z.string() }));

const request = z.discriminatedUnion('stage', [
  call.extend({ stage: z.enum(names).exclude(['approve']) }),
  call.extend({ stage: z.literal('approve'), taskToken: z.string().min(1) }),
  call.extend({ stage: z.literal('undo'), stops: stops.default([]) }),
  call.extend({
    stage: z.literal('conclude'),
    stops: stops.default([]),
    undone: z.object({ says: z.string(), left: z.array(z.string()) }).default({ says: '', left: [] }),
  }),
]) satisfies z.ZodType<RunbookCall>;

/** @throws ZodError when the event is no call of a runbook */
export function parseCall(event: unknown): RunbookCall {
  return request.parse(event);
}
