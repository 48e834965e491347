import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test, vi } from 'vitest';
import { readFlow } from '../../../../infra/configuration.ts';
import { stateMachine } from '../../../../infra/flow/runbooks/definition.ts';
import { CANARY_TOPIC } from '../../../../infra/flow/runbooks/kafka-permissions.ts';
import * as adapter from '../../../../shared/adapters/kafka/runbook/round-trip.ts';
import { unpackVariable } from '../../../../shared/adapters/lambda/packed-variable.ts';
import { RunbookMetric } from '../../../../shared/runbook/machine.ts';
import { RunbookKind } from '../../../../shared/runbook/runbook.ts';
import { EAST_ARN, example, template, WEST_ARN, writeConfiguration } from '../example.ts';
import { kafkaStatements, rightsOf } from '../statements.ts';

// The first template that a process renders loads half of the CDK.
vi.setConfig({ testTimeout: 300_000 });

const NAME = 'causeway-us-east-to-us-west';
const REVERSE = { remoteTopics: 'us-west.*' };
const target = (changes: Parameters<typeof example>[0] = {}) => template(example(changes), 'us-west-2');

describe('Beside the target', () => {
  test('a registry outlives its stack, under the key of the offset map', () => {
    const key = 'arn:aws:kms:us-west-2:111122223333:key/0a0a0a0a-1111-2222-3333-444444444444';
    target({ offsetMapKeyArn: key }).hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        TableName: `${NAME}-registry`,
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, KMSMasterKeyId: key },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    });
    target({ disposable: true }).hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: { TableName: `${NAME}-registry`, DeletionProtectionEnabled: false },
    });
  });

  test('reports are kept for good, and for nobody else', () => {
    const rendered = target();
    rendered.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketName: Match.absent(),
        LifecycleConfiguration: Match.absent(),
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          ...{ BlockPublicAcls: true, BlockPublicPolicy: true },
          ...{ IgnorePublicAcls: true, RestrictPublicBuckets: true },
        },
      },
    });
    rendered.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('each runbook is the machine that the table makes, and failback is there where there is a way back', () => {
    const kinds = (changes: Parameters<typeof example>[0]) =>
      Object.values(target(changes).findResources('AWS::StepFunctions::StateMachine')).map(
        ({ Properties }) => Properties.StateMachineName,
      );
    expect(kinds({})).toEqual(['switchover', 'failover', 'drill'].map((kind) => `${NAME}-${kind}`));
    expect(kinds({ reverse: REVERSE })).toContain(`${NAME}-failback`);

    const asked = { approval: { [RunbookKind.Failover]: 'required' } } as const;
    const machines = target({ runbooks: asked }).findResources('AWS::StepFunctions::StateMachine');
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: CloudFormation's
    const called = { arn: '${Function}', partition: '${Partition}' };
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: CloudFormation's
    for (const { Properties } of Object.values(machines)) {
      const kind = Object.values(RunbookKind).find((each) => Properties.StateMachineName.endsWith(each));
      const approval = kind === RunbookKind.Failover ? 'required' : 'waived';
      if (kind === undefined) throw new Error(Properties.StateMachineName);
      expect(JSON.parse(Properties.DefinitionString)).toEqual(stateMachine({ kind, approval, function: called }));
      expect(Object.keys(Properties.DefinitionSubstitutions)).toEqual(['Partition', 'Function']);
      expect(Properties.TracingConfiguration).toEqual({ Enabled: true });
      expect(Properties.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
    }
  });

  test('there is a registry alone where a flow is to have no runbooks', () => {
    const rendered = target({ runbooks: { enabled: false }, alarms: { enabled: false } });
    rendered.resourceCountIs('AWS::DynamoDB::Table', 2);
    rendered.resourceCountIs('AWS::StepFunctions::StateMachine', 0);
    rendered.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    rendered.resourceCountIs('AWS::Lambda::Function', 4);
  });

  test('what a file says of them is what is made, and the way back where it enables one', async () => {
    const of = async (more: string) => {
      const { runbooks, reverse } = await readFlow(writeConfiguration(more), 'us-east->us-west');
      return { runbooks, reverse };
    };

    const otherwise = { enabled: true, fenceByAcls: false, planSteps: false, drillEveryDays: 90 };
    expect(await of('')).toEqual({ runbooks: { ...otherwise, approval: {} }, reverse: undefined });
    expect(await of('causeway.runbooks.approval = switchover, failback\nus-west->us-east.enabled = true')).toEqual({
      runbooks: { ...otherwise, approval: { switchover: 'required', failback: 'required' } },
      reverse: { remoteTopics: 'us-west.*', topicChoice: expect.stringContaining('topics') },
    });
    expect((await of('causeway.failover.alarm.minutes = 5')).runbooks).toMatchObject({ failoverAfterMinutes: 5 });
    expect((await of('causeway.runbooks.enabled = false')).runbooks).toMatchObject({ enabled: false });
    expect((await of('causeway.fence.acls = true')).runbooks).toMatchObject({ fenceByAcls: true });
  });

  test('a machine may invoke its function, write logs and traces, and nothing else', () => {
    const rights = rightsOf(target(), 'Runbooksswitchover');
    expect(rights.filter((right) => !/^(logs|xray):\w+ \*$/.test(right))).toEqual([
      expect.stringMatching(/^lambda:InvokeFunction .*RunbookFunction/),
    ]);
  });

  test('the function knows both tables, the bucket, and the way back where there is one', () => {
    const variables = (changes: Parameters<typeof example>[0]) => {
      const functions = Object.values(target(changes).findResources('AWS::Lambda::Function'));
      const found = functions.find(({ Properties }) => Properties.FunctionName === `${NAME}-runbook`)?.Properties;
      expect(found).toMatchObject({ Timeout: 60, MemorySize: 1_024 });
      return found.Environment.Variables;
    };
    const one = variables({});
    expect(Object.keys(one)).toEqual(
      expect.arrayContaining(['FLOW', 'OFFSET_MAP_TABLE', 'REGISTRY_TABLE', 'REPORT_BUCKET']),
    );
    expect(one).toMatchObject({
      REGISTRY_PARAMETER: '/causeway/us-east-to-us-west/registry',
      REPLICATE_REGION: 'us-east-1',
    });
    expect(JSON.stringify(one.REPLICATE_FUNCTION)).toContain(`:lambda:us-east-1:`);
    expect(Object.keys(one).filter((name) => /^(REVERSE|FENCE)_/.test(name))).toEqual([]);
    expect(variables({ runbooks: { fenceByAcls: true } })).toMatchObject({ FENCE_BY_ACLS: 'true' });

    const both = variables({ reverse: REVERSE });
    expect(both).toMatchObject({
      REVERSE_OFFSET_MAP_TABLE: 'causeway-us-west-to-us-east-offset-map',
      REVERSE_OFFSET_MAP_REGION: 'us-east-1',
      REVERSE_REPLICATE_REGION: 'us-west-2',
    });
    expect(JSON.stringify(both.REVERSE_REPLICATE_FUNCTION)).toContain('function:causeway-us-west-to-us-east-replicate');
    expect(Object.keys(both)).not.toContain('REVERSE_TOPICS');
    const told = variables({ reverse: { ...REVERSE, topicChoice: '{"topics":[]}' } });
    expect(unpackVariable(String(told.REVERSE_TOPICS))).toBe('{"topics":[]}');
  });
});

describe('Rights of the function', () => {
  const aws = (changes: Parameters<typeof example>[0]) =>
    rightsOf(target(changes), 'Runbook').filter((right) => !/^(kafka-cluster|ec2|logs):/.test(right));

  test('are to use its own tables, mappings, executions, parameters and reports', () => {
    const rights = new Set(aws({}).map((right) => right.split(' ')[0]));
    expect([...rights].toSorted()).toEqual([
      ...['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
        (action) => `dynamodb:${action}`,
      ),
      ...['GetEventSourceMapping', 'ListEventSourceMappings', 'UpdateEventSourceMapping'].map(
        (action) => `lambda:${action}`,
      ),
      's3:PutObject',
      ...['ssm:GetParameter', 'ssm:PutParameter'],
      'states:DescribeExecution',
    ]);
    // The offset map's, and nothing of the registry.
    expect(aws({}).filter((right) => right.startsWith('dynamodb:DeleteItem'))).toEqual([
      `dynamodb:DeleteItem ${NAME}-offset-map`,
    ]);
  });

  test('reach the reverse flow’s map and mappings where there is one', () => {
    const added = aws({ reverse: REVERSE }).filter((right) => !aws({}).includes(right));
    expect(added).toContain('dynamodb:PutItem causeway-us-west-to-us-east-offset-map');
    const ofRegistry = added.filter((right) => right.endsWith(' causeway-us-west-to-us-east-registry'));
    expect(ofRegistry).toEqual(['dynamodb:GetItem causeway-us-west-to-us-east-registry']);
    const mappings = JSON.stringify(target({ reverse: REVERSE }).findResources('AWS::IAM::Role')).split(
      'lambda:UpdateEventSourceMapping',
    );
    expect(mappings).toHaveLength(3);
  });

  test('to Kafka are to look at everything, to set groups, to take over and to write the canary', () => {
    const kafka = (changes: Parameters<typeof example>[0], arn: string) => {
      const cluster = arn.split('/').slice(1).join('/');
      const own = kafkaStatements(target(changes), 'Runbook').filter(([resource]) => resource.includes(cluster));
      const named = own.flatMap(([resource, actions]) => {
        const [kind = '', rest = ''] = (resource.split(':').at(-1) ?? '').split(`/${cluster}`);
        return actions.map((action) => `${action} ${kind}${rest}`);
      });
      return [...new Set(named)].toSorted();
    };
    const looking = ['Connect cluster', 'DescribeCluster cluster', 'DescribeGroup group/*', 'DescribeTopic topic/*'];
    const reading = ['DescribeTransactionalId transactional-id/*', 'ReadData topic/*'];
    const canary = ['Create', 'Describe', 'Read', 'Write'].map(
      (action) => `${action}${/Create|Describe/.test(action) ? 'Topic' : 'Data'} topic/${CANARY_TOPIC}`,
    );
    expect(kafka({}, EAST_ARN)).toEqual([...looking, ...reading, ...canary].toSorted());
    expect(kafka({}, WEST_ARN)).toEqual(expect.arrayContaining([...looking, ...reading, ...canary]));
    expect(kafka({}, WEST_ARN)).toEqual(
      expect.arrayContaining([
        ...['AlterGroup group/*', 'WriteData topic/us-east.*', 'WriteDataIdempotently cluster'],
        'AlterTransactionalId transactional-id/causeway*',
      ]),
    );
    const both = kafka({ reverse: REVERSE }, EAST_ARN);
    expect(both).toEqual(expect.arrayContaining(['AlterGroup group/*', 'WriteData topic/us-west.*']));
    expect(both).not.toContain('AlterCluster cluster');
    expect(kafka({ runbooks: { fenceByAcls: true } }, EAST_ARN)).toContain('AlterCluster cluster');
    expect(kafka({ runbooks: { fenceByAcls: true } }, WEST_ARN)).not.toContain('AlterCluster cluster');
    expect(kafka({ runbooks: { fenceByAcls: true }, reverse: REVERSE }, WEST_ARN)).toContain('AlterCluster cluster');
  });

  test('name the canary as the adapter does', () => expect(CANARY_TOPIC).toBe(adapter.CANARY_TOPIC));
});

test('executions that are stopped, or whose time is over, are told to the function', () => {
  const rules = Object.values(target().findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);
  const [rule, ...others] = rules.filter(({ EventPattern }) => EventPattern?.source?.includes('aws.states'));

  expect(others).toEqual([]);
  expect(rule?.EventPattern.detail.status).toEqual(['ABORTED', 'TIMED_OUT']);
  const told = JSON.stringify(rule?.EventPattern.detail.stateMachineArn);
  for (const kind of ['switchover', 'failover', 'drill']) expect(told).toContain(`${NAME}-${kind}`);
  expect(JSON.stringify(rule?.Targets)).toMatch(/Runbook[^"]*Function/);
});

describe('Dry runs', () => {
  const rules = (changes: Parameters<typeof example>[0]) =>
    Object.values(target(changes).findResources('AWS::Events::Rule'))
      .map(({ Properties }) => [Properties.ScheduleExpression, JSON.stringify(Properties.Targets[0])] as const)
      .filter(([, one]) => one.includes('dryRun'));

  test('are started by schedule, each hour for the failover, and change nothing', () => {
    const found = rules({});
    expect(found.map(([rate]) => rate)).toEqual(['rate(1 day)', 'rate(1 hour)', 'rate(1 day)']);
    for (const [, one] of found) expect(JSON.parse(JSON.parse(one).Input)).toMatchObject({ dryRun: true });
    expect(rules({ runbooks: { dryRuns: { everyHours: { failover: 6 } } } }).map(([rate]) => rate)).toContain(
      'rate(6 hours)',
    );
    expect(rules({ runbooks: { dryRuns: { enabled: false } } })).toEqual([]);
  });

  test('have an alarm for what would stop, which stands, and one for none at all, which missing data is', () => {
    const rendered = target({ alarms: { enabled: false } });
    const alarms = Object.values(rendered.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    const named = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `${NAME}-${name}`);
    const of = (kind: string) => [
      { Name: 'Flow', Value: 'us-east->us-west' },
      { Name: 'Runbook', Value: kind },
    ];
    expect(alarms).toHaveLength(9);
    expect(named('failover-would-stop')).toMatchObject({
      ...{ MetricName: RunbookMetric.DryRunFailed, Statistic: 'Maximum', TreatMissingData: 'ignore' },
      Dimensions: expect.arrayContaining(of('failover')),
    });
    expect(named('failover-not-tried')).toMatchObject({
      ...{ Statistic: 'SampleCount', TreatMissingData: 'breaching', Period: 3_600, EvaluationPeriods: 3 },
      ...{ ComparisonOperator: 'LessThanThreshold', Threshold: 1 },
    });
    expect(named('drill-not-tried')?.EvaluationPeriods).toBe(49);
    expect(named('drill-overdue')).toMatchObject({
      ...{ MetricName: RunbookMetric.DrillAge, Statistic: 'Minimum', Period: 86_400, EvaluationPeriods: 1 },
      ...{ Threshold: 90 * 86_400, ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
      TreatMissingData: 'breaching',
    });
    expect(named('runbook-cannot-run')).toMatchObject({
      ...{
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Statistic: 'Minimum',
        Period: 300,
        TreatMissingData: 'ignore',
      },
      Dimensions: [{ Name: 'FunctionName', Value: `${NAME}-runbook` }],
    });
    expect(named('runbook-failed')).toMatchObject({ MetricName: RunbookMetric.Failed, TreatMissingData: 'ignore' });
  });

  test('that cannot be are refused', () => {
    expect(() => target({ runbooks: { drillEveryDays: 0 } })).toThrow(/drillEveryDays: 0/);
    expect(() => target({ runbooks: { dryRuns: { everyHours: { drill: 0.5 } } } })).toThrow(/everyHours\.drill: 0\.5/);
  });
});
