import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { ExecutionInput } from '../../../shared/runbook/machine.ts';
import { StartedBy } from '../../../shared/runbook/runbook.ts';
import type { RunbookMachine } from './runbook-machine.ts';
import { starterOf } from './starter.ts';

/** Step Functions throttles, or is not there for a moment. What could not be started by then is a person's to decide. */
const LONGEST_TRY = Duration.minutes(15);
const TRIES = 30;

/**
 * Starts a failover when the alarm goes from OK to ALARM: one that was never OK, as before the first heartbeat, starts
 * nothing. That it is told of twice, or too soon after a move, is the registry's to refuse.
 */
export function startOnAlarm(machine: RunbookMachine, alarm: Alarm, description: string): Rule {
  const rule = new Rule(machine, 'OnAlarm', {
    description,
    eventPattern: {
      source: ['aws.cloudwatch'],
      detailType: ['CloudWatch Alarm State Change'],
      resources: [alarm.alarmArn],
      detail: { state: { value: ['ALARM'] }, previousState: { value: ['OK'] } },
    },
  });
  const given: ExecutionInput = { startedBy: StartedBy.Alarm, reason: 'no heartbeat arrives from the source' };
  const role = starterOf(machine);
  const retryPolicy = { maximumEventAgeInSeconds: LONGEST_TRY.toSeconds(), maximumRetryAttempts: TRIES };
  rule.addTarget({ bind: () => ({ arn: machine.arn, role, input: RuleTargetInput.fromObject(given), retryPolicy }) });
  rule.node.addDependency(machine.machine);
  return rule;
}
