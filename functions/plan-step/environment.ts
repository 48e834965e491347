import { z } from 'zod';
import { RunbookKind } from '../../shared/runbook/runbook.ts';
import { flowEnvironment } from '../environment.ts';

const name = z.string().min(1);

/** `FLOW`, the runbook, and where its parts are: beside the flow's target, also where the function is beside its source. */
export const planStepEnvironment = flowEnvironment.extend({
  RUNBOOK: z.enum(RunbookKind).exclude(['Drill']),
  STATE_MACHINE: name,
  REGISTRY_TABLE: name,
  REGISTRY_REGION: name,
});

export type PlanStepEnvironment = z.infer<typeof planStepEnvironment>;
