import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { timeLimits } from '../../shared/adapters/aws/time-limits.ts';
import { DynamoDbFlowRegistry } from '../../shared/adapters/dynamodb/runbook/flow-registry.ts';
import { StepFunctionsPlanExecutions } from '../../shared/adapters/step-functions/plan-executions.ts';
import { flowOf } from '../../shared/flow/flow.ts';
import type { FollowOptions } from '../../shared/runbook/plan/follow-run.ts';
import { initialEntry } from '../../shared/runbook/registry/initial-entry.ts';
import { wayOfRunbook } from '../../shared/runbook/runbook.ts';
import { systemClock } from '../clock.ts';
import type { PlanStepEnvironment } from './environment.ts';

const TIMEOUTS = timeLimits(2_000, 5_000);
const ATTEMPTS = 4;

/** Everything that a step of a plan is made of. Connects to nothing yet. */
export function wire(environment: PlanStepEnvironment) {
  const { FLOW, RUNBOOK: kind, STATE_MACHINE, REGISTRY_TABLE, REGISTRY_REGION: region } = environment;
  const flow = flowOf(FLOW);
  const there = { region, requestHandler: TIMEOUTS, maxAttempts: ATTEMPTS };
  const registry = new DynamoDbFlowRegistry(new DynamoDBClient(there), REGISTRY_TABLE, flow);
  const step: Omit<FollowOptions, 'until'> = {
    kind,
    to: wayOfRunbook(kind, flow).to,
    executions: new StepFunctionsPlanExecutions(new SFNClient(there), STATE_MACHINE),
    entry: async () => (await registry.read()) ?? initialEntry(flow),
    clock: systemClock,
  };
  return { flow, step };
}
