import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ExecutionInput } from '../../../shared/runbook/machine.ts';
import { StartedBy } from '../../../shared/runbook/runbook.ts';
import type { RunbookMachine } from './runbook-machine.ts';

const DRY_RUN: ExecutionInput = { dryRun: true, startedBy: StartedBy.Schedule };

/** Runs a machine every so many hours, changing nothing. */
export function runDry(machine: RunbookMachine, hours: number, description: string): Rule {
  const start = new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.arn] });
  const role = new Role(machine, 'Starter', {
    assumedBy: new ServicePrincipal('events.amazonaws.com'),
    description,
    inlinePolicies: { Start: new PolicyDocument({ statements: [start] }) },
  });
  const rule = new Rule(machine, 'DryRuns', { description, schedule: Schedule.rate(Duration.hours(hours)) });
  const input = RuleTargetInput.fromObject(DRY_RUN);
  rule.addTarget({ bind: () => ({ arn: machine.arn, role, input }) });
  rule.node.addDependency(machine.machine);
  return rule;
}
