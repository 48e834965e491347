import { describe, expect, test, vi } from 'vitest';
import { stateMachine } from '../../../../infra/flow/runbooks/definition.ts';
import { example, template } from '../example.ts';
import { interpret } from './interpreter.ts';

vi.setConfig({ testTimeout: 300_000 });

const NAME = 'causeway-us-east-to-us-west';
const target = (changes: Parameters<typeof example>[0] = {}) => template(example(changes), 'us-west-2');
const ARMED = { runbooks: { failoverAfterMinutes: 5 } };

const alarmsOf = (changes: Parameters<typeof example>[0]) =>
  Object.entries(target(changes).findResources('AWS::CloudWatch::Alarm')).filter(
    ([, { Properties }]) => Properties.AlarmName === `${NAME}-source-lost`,
  );
const rulesOf = (changes: Parameters<typeof example>[0]) =>
  Object.values(target(changes).findResources('AWS::Events::Rule'))
    .map(({ Properties }) => Properties)
    .filter(({ EventPattern }) => EventPattern !== undefined);

describe('A failover by alarm', () => {
  test('is nothing that is there unless it is asked for', () => {
    expect([alarmsOf({}), rulesOf({})]).toEqual([[], []]);
    expect(rulesOf({ runbooks: { ...ARMED.runbooks, enabled: false } })).toEqual([]);
  });

  test('has an alarm that means by itself that the source is lost, and that missing data sets off', () => {
    const alarms = alarmsOf(ARMED);
    expect(alarms).toMatchObject([
      [
        expect.any(String),
        {
          Properties: {
            ...{ MetricName: 'HeartbeatLatency', Statistic: 'SampleCount', Namespace: 'Causeway' },
            ...{ Period: 60, EvaluationPeriods: 5, Threshold: 1, ComparisonOperator: 'LessThanThreshold' },
            TreatMissingData: 'breaching',
            Dimensions: [
              { Name: 'Flow', Value: 'us-east->us-west' },
              { Name: 'service', Value: 'heartbeat' },
            ],
          },
        },
      ],
    ]);
    expect(alarms[0]?.[1].Properties.DatapointsToAlarm).toBeUndefined();
  });

  test('is started when that alarm goes from OK to ALARM, by a role that may start it and no more', () => {
    const [rule, ...others] = rulesOf(ARMED);
    expect(others).toEqual([]);
    const [alarm] = alarmsOf(ARMED);
    expect(rule).toMatchObject({
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        resources: [{ 'Fn::GetAtt': [alarm?.[0], 'Arn'] }],
        detail: { state: { value: ['ALARM'] }, previousState: { value: ['OK'] } },
      },
      Targets: [{ RetryPolicy: { MaximumEventAgeInSeconds: 900, MaximumRetryAttempts: 30 } }],
    });
    expect(JSON.stringify(rule?.Targets[0].Arn)).toContain(`stateMachine:${NAME}-failover`);
    const starters = Object.values(target(ARMED).findResources('AWS::IAM::Role')).filter(
      ({ Properties }) => Properties.Description === `Causeway: starts ${NAME}-failover for EventBridge`,
    );
    expect(starters.map(({ Properties }) => Properties.Policies.length)).toEqual([1]);
    const [statement, ...more] = starters[0]?.Properties.Policies[0].PolicyDocument.Statement ?? [];
    expect([statement.Action, more]).toEqual(['states:StartExecution', []]);
    expect(statement.Resource).toEqual(rule?.Targets[0].Arn);
  });

  test('gives the machine an input that it understands, as the schedule of dry runs does', async () => {
    const rules = Object.values(target(ARMED).findResources('AWS::Events::Rule'));
    const inputs = rules.flatMap(({ Properties }): string[] =>
      JSON.stringify(Properties.Targets[0].Arn).includes('-failover') ? [Properties.Targets[0].Input] : [],
    );
    expect(inputs.map((input) => JSON.parse(input))).toMatchObject([
      { startedBy: 'alarm' },
      { startedBy: 'schedule', dryRun: true },
    ]);
    const machine = stateMachine({ kind: 'failover', approval: 'waived', function: { arn: 'arn', partition: 'aws' } });
    const passed = { answer: { kind: 'passed', verdict: 'PASS', says: 'well' } } as const;
    for (const input of inputs)
      expect(await interpret(machine, JSON.parse(input), () => passed)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('needs heartbeats, and minutes that make sense', () => {
    expect(() => target({ ...ARMED, heartbeats: false })).toThrow(
      /failoverAfterMinutes: the flow writes no heartbeats/,
    );
    for (const failoverAfterMinutes of [1, 61, 2.5])
      expect(() => target({ runbooks: { failoverAfterMinutes } })).toThrow(/failoverAfterMinutes/);
  });
});
