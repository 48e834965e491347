import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import type { ExecutionInput } from '../../../shared/runbook/machine.ts';
import { StartedBy } from '../../../shared/runbook/runbook.ts';
import type { RunbookMachine } from './runbook-machine.ts';
import { starterOf } from './starter.ts';

const DRY_RUN: ExecutionInput = { dryRun: true, startedBy: StartedBy.Schedule };

/** Runs a machine every so many hours, changing nothing. */
export function runDry(machine: RunbookMachine, hours: number, description: string): Rule {
  const role = starterOf(machine);
  const rule = new Rule(machine, 'DryRuns', { description, schedule: Schedule.rate(Duration.hours(hours)) });
  const input = RuleTargetInput.fromObject(DRY_RUN);
  rule.addTarget({ bind: () => ({ arn: machine.arn, role, input }) });
  rule.node.addDependency(machine.machine);
  return rule;
}
