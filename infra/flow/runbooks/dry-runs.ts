import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ExecutionInput } from '../../../shared/runbook/machine.ts';
import type { RunbookMachine } from './runbook-machine.ts';

const DRY_RUN: ExecutionInput = { dryRun: true, reason: 'by schedule' };

/** Runs the machine every so many hours, changing nothing. */
export function runDry(scope: Construct, machine: RunbookMachine, hours: number, description: string): Rule {
  const rule = new Rule(scope, 'DryRuns', { description, schedule: Schedule.rate(Duration.hours(hours)) });
  const target = StateMachine.fromStateMachineArn(scope, 'Imported', machine.arn);
  rule.addTarget(new SfnStateMachine(target, { input: RuleTargetInput.fromObject(DRY_RUN) }));
  rule.node.addDependency(machine);
  return rule;
}
