import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { RunbookMachine } from './runbook-machine.ts';

/** An execution that somebody stops, or whose time is over, comes to no state that could tell of it: its function is told. */
export function tellOfLost(
  scope: Construct,
  machines: readonly RunbookMachine[],
  told: IFunction,
  description: string,
): void {
  const rule = new Rule(scope, 'OnLost', {
    description,
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: machines.map(({ arn }) => arn), status: ['ABORTED', 'TIMED_OUT'] },
    },
  });
  rule.addTarget(new LambdaFunction(told));
}
