import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { CausewayFunction } from './causeway-function.ts';

type Event = Readonly<Record<string, unknown>>;

/** Calls a function each minute. A call that fails is not made again: the next minute's does the same. */
export function callEveryMinute(
  scope: Construct,
  id: string,
  called: CausewayFunction,
  event: Event,
  description: string,
): Rule {
  return callEvery(scope, id, called, event, { description, minutes: 1 });
}

/** The same once in so many minutes. */
export function callEvery(
  scope: Construct,
  id: string,
  { function: called }: CausewayFunction,
  event: Event,
  { description, minutes }: { readonly description: string; readonly minutes: number },
): Rule {
  called.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  const rule = new Rule(scope, id, { description, schedule: Schedule.rate(Duration.minutes(minutes)) });
  rule.addTarget(new LambdaTarget(called, { event: RuleTargetInput.fromObject(event) }));
  return rule;
}
