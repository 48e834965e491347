import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { stateMachine } from '../../../../infra/flow/runbooks/definition.ts';
import { example, template } from '../example.ts';
import { rightsOf } from '../statements.ts';
import { interpret } from './interpreter.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const NAME = 'causeway-us-east-to-us-west';
const [EAST, WEST] = ['us-east-1', 'us-west-2'];
const target = (changes: Parameters<typeof example>[0] = {}) => template(example(changes), 'us-west-2');
const ARMED = { runbooks: { failoverAfterMinutes: 5 } };

const alarmsOf = (rendered: Template) =>
  Object.entries(rendered.findResources('AWS::CloudWatch::Alarm')).filter(
    ([, { Properties }]) => Properties.AlarmName === `${NAME}-source-lost`,
  );
const rulesOf = (rendered: Template) =>
  Object.values(rendered.findResources('AWS::Events::Rule'))
    .map(({ Properties }) => Properties)
    .filter(({ EventPattern }) => EventPattern?.source.includes('aws.cloudwatch'));

let armed: Template;
let unarmed: Template;
beforeAll(() => {
  [armed, unarmed] = [target(ARMED), target()];
});

describe('A failover by alarm', () => {
  test('is nothing that is there unless it is asked for', () => {
    expect([alarmsOf(unarmed), rulesOf(unarmed)]).toEqual([[], []]);
    expect(rulesOf(target({ runbooks: { ...ARMED.runbooks, enabled: false } }))).toEqual([]);
  });

  test('has an alarm that means by itself that the source is lost, and that missing data sets off', () => {
    const alarms = alarmsOf(armed);
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
    const [rule, ...others] = rulesOf(armed);
    expect(others).toEqual([]);
    const [alarm] = alarmsOf(armed);
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
    const starters = Object.values(armed.findResources('AWS::IAM::Role')).filter(
      ({ Properties }) => Properties.Description === `Causeway: starts ${NAME}-failover for EventBridge`,
    );
    expect(starters.map(({ Properties }) => Properties.Policies.length)).toEqual([1]);
    const [statement, ...more] = starters[0]?.Properties.Policies[0].PolicyDocument.Statement ?? [];
    expect([statement.Action, more]).toEqual(['states:StartExecution', []]);
    expect(statement.Resource).toEqual(rule?.Targets[0].Arn);
  });

  test('gives the machine an input that it understands, as the schedule of dry runs does', async () => {
    const rules = Object.values(armed.findResources('AWS::Events::Rule'));
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
    expect(() => target({ ...ARMED, heartbeatsArrive: false })).toThrow(
      /failoverAfterMinutes: no heartbeats of the source arrive/,
    );
    for (const failoverAfterMinutes of [1, 61, 2.5])
      expect(() => target({ runbooks: { failoverAfterMinutes } })).toThrow(/failoverAfterMinutes/);
  });
});

const BOTH_WAYS = { runbooks: { planSteps: true }, reverse: { remoteTopics: 'us-west.*' } };
const KEY = 'arn:aws:kms:us-west-2:111122223333:key/0a0a0a0a-1111-2222-3333-444444444444';

const made = new Map<string, Template>();
const rendered = (region: string, changes: Parameters<typeof example>[0]): Template => {
  const key = JSON.stringify([region, changes]);
  const one = made.get(key) ?? template(example(changes), region);
  made.set(key, one);
  return one;
};
const stepsIn = (region: string, changes: Parameters<typeof example>[0]) =>
  Object.values(rendered(region, changes).findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties)
    .filter(({ FunctionName }) => FunctionName.endsWith('-step'));
const namesIn = (...asked: Parameters<typeof stepsIn>) => stepsIn(...asked).map(({ FunctionName }) => FunctionName);

describe('Steps of a plan', () => {
  test('are nothing that is there unless they are asked for', () => {
    expect([namesIn(WEST, {}), namesIn(EAST, {})]).toEqual([[], []]);
    const off = { ...BOTH_WAYS, runbooks: { planSteps: true, enabled: false } };
    expect([namesIn(WEST, off), namesIn(EAST, off)]).toEqual([[], []]);
  });

  test('stand in the region that is activated, and there is none back where there is no way back', () => {
    expect(namesIn(WEST, BOTH_WAYS)).toEqual([`${NAME}-switchover-step`, `${NAME}-failover-step`]);
    expect(namesIn(EAST, BOTH_WAYS)).toEqual([`${NAME}-failback-step`]);
    expect(namesIn(EAST, { runbooks: { planSteps: true } })).toEqual([]);
  });

  test('each know one state machine and the registry, which are beside the target wherever they are', () => {
    for (const [region, kinds] of [
      [WEST, ['switchover', 'failover']],
      [EAST, ['failback']],
    ] as const)
      for (const [index, kind] of kinds.entries()) {
        const step = stepsIn(region, BOTH_WAYS)[index];
        expect(step).toMatchObject({ Timeout: 900, MemorySize: 256 });
        expect(step?.VpcConfig).toBeUndefined();
        const variables = step?.Environment.Variables;
        expect(variables).toMatchObject({ RUNBOOK: kind, REGISTRY_TABLE: `${NAME}-registry`, REGISTRY_REGION: WEST });
        expect(JSON.stringify(variables?.STATE_MACHINE)).toMatch(
          new RegExp(`:states:${WEST}:.*stateMachine:${NAME}-${kind}"`),
        );
      }
  });

  test('may start one machine, look at its executions and read the registry', () => {
    const rights = (changes: object) =>
      rightsOf(rendered(EAST, { ...BOTH_WAYS, ...changes }), 'FailbackStep').filter(
        (right) => !right.startsWith('logs:'),
      );
    expect(rights({})).toEqual([
      expect.stringMatching(/^states:StartExecution .*stateMachine:causeway-us-east-to-us-west-failback$/),
      expect.stringMatching(/^states:ListExecutions .*stateMachine:causeway-us-east-to-us-west-failback$/),
      expect.stringMatching(/^states:DescribeExecution .*execution:causeway-us-east-to-us-west-failback:\*$/),
      `dynamodb:GetItem ${NAME}-registry`,
    ]);
    expect(rights({ offsetMapKeyArn: KEY })).toContain(`kms:Decrypt ${KEY.split('/')[1]}`);
  });

  test('are told by their ARNs', () => {
    const outputs = Object.keys(rendered(WEST, BOTH_WAYS).findOutputs('*'));
    expect(outputs.filter((name) => name.includes('Step'))).toHaveLength(2);
  });
});
