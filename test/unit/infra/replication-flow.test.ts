import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test, vi } from 'vitest';
import { build, EAST, EAST_ARN, example, SELF_MANAGED, template, WEST, WEST_IN_VPC } from './example.ts';
import { kafkaStatements } from './statements.ts';

// The first template that a process renders loads half of the CDK.
vi.setConfig({ testTimeout: 300_000 });

describe('the templates', () => {
  test.each([
    ['source', 'us-east-1'],
    ['target', 'us-west-2'],
  ])('of the %s half are as they were', (_half, region) => {
    const rendered = template(example(), region).toJSON();
    // Both have tests of their own, in runbooks/ and dashboard.test.ts.
    const elsewhere = {
      'AWS::StepFunctions::StateMachine': 'DefinitionString',
      'AWS::CloudWatch::Dashboard': 'DashboardBody',
    };
    const resources: Record<string, { Type: string; Properties: Record<string, unknown> }> = rendered.Resources;
    for (const { Type, Properties } of Object.values(resources))
      for (const [type, text] of Object.entries(elsewhere)) if (Type === type) delete Properties[text];
    expect(rendered).toMatchSnapshot();
  });

  test.each([
    ['with IAM', example(), 'us-east-1'],
    ['target half', example(), 'us-west-2'],
    ['target half that commits, in a VPC', example({ commitOffsets: true, target: WEST_IN_VPC }), 'us-west-2'],
    ['heartbeats alone', example({ heartbeatsOnly: true }), 'us-west-2'],
    ['a flow with a way back', example({ reverse: {}, runbooks: { fenceByAcls: true } }), 'us-west-2'],
    ['self-managed with SCRAM', example({ source: SELF_MANAGED }), 'us-east-1'],
    [
      'both halves in one region',
      example({ target: { ...WEST, region: 'us-east-1', clusterArn: EAST_ARN } }),
      'us-east-1',
    ],
    [
      'with the keys of customers',
      example({ offsetMapKeyArn: 'arn:aws:kms:us-west-2:111122223333:key/0a0a0a0a-1111-2222-3333-444444444444' }),
      'us-west-2',
    ],
  ])('%s have no finding of cdk-nag that is not explained', (_, props, region) => {
    const { app } = build(props, region);
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });
});

describe('where things are', () => {
  test('the source half is beside the source, the offset map beside the target', () => {
    const east = build(example(), 'us-east-1').flow;
    const west = build(example(), 'us-west-2').flow;

    expect([east.sourceHalf === undefined, east.targetHalf === undefined]).toEqual([false, true]);
    expect([west.sourceHalf === undefined, west.targetHalf === undefined]).toEqual([true, false]);
    template(example(), 'us-east-1').resourceCountIs('AWS::DynamoDB::Table', 0);
    const names = (region: string) =>
      Object.values(template(example(), region).findResources('AWS::Lambda::Function')).map(
        ({ Properties }) => Properties.FunctionName,
      );
    const called = (name: string) => `causeway-us-east-to-us-west-${name}`;
    expect(names('us-east-1')).toEqual(['replicate', 'reconcile'].map(called));
    expect(names('us-west-2')).toEqual(['checkpoint', 'heartbeat', 'translate', 'monitor', 'runbook'].map(called));
  });

  test('each function of the target half is called every minute, and a failed call is not made again', () => {
    const rendered = template(example({ runbooks: { dryRuns: { enabled: false } } }), 'us-west-2');
    const all = Object.values(rendered.findResources('AWS::Events::Rule'));
    const rules = all.filter(({ Properties }) => Properties.ScheduleExpression !== undefined);
    expect(rules.map(({ Properties }) => [Properties.ScheduleExpression, Properties.Targets[0].Input])).toEqual([
      ['rate(1 minute)', '{"action":"checkpoint"}'],
      ['rate(1 minute)', '{"action":"heartbeat"}'],
      ['rate(1 minute)', '{"action":"monitor"}'],
    ]);
    rendered.allResourcesProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
    rendered.resourceCountIs('AWS::Lambda::EventInvokeConfig', 3);
  });

  test('a flow without checkpoints or heartbeats has no functions for them', () => {
    template(example({ checkpoints: false }), 'us-west-2').resourceCountIs('AWS::Lambda::Function', 4);
    const neither = template(example({ checkpoints: false, heartbeats: false }), 'us-west-2');
    neither.resourceCountIs('AWS::Lambda::Function', 3);
    neither.resourceCountIs('AWS::DynamoDB::Table', 2);
  });

  test('a pair that copies nothing has its heartbeats beside the target, and asks nothing of its source', () => {
    const props = example({ heartbeatsOnly: true, source: { region: '', bootstrapServers: [] } });
    const rendered = template(props, 'us-west-2');
    rendered.resourceCountIs('AWS::DynamoDB::Table', 0);
    rendered.resourceCountIs('AWS::Lambda::Function', 1);
    expect(JSON.stringify(kafkaStatements(rendered, 'Heartbeat'))).not.toContain(EAST_ARN);
    const beside = build(example({ heartbeatsOnly: true, source: { ...EAST, region: 'us-west-2' } }), 'us-west-2');
    expect(beside.flow.sourceHalf).toBeUndefined();
  });

  test('the source half reaches the offset map by the name that the target half gives it', () => {
    const rendered = template(example(), 'us-west-2');
    rendered.hasResourceProperties('AWS::DynamoDB::Table', { TableName: 'causeway-us-east-to-us-west-offset-map' });
    template(example(), 'us-east-1').allResourcesProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          OFFSET_MAP_TABLE: 'causeway-us-east-to-us-west-offset-map',
          OFFSET_MAP_REGION: 'us-west-2',
        }),
      },
    });
  });
});

describe('the offset map', () => {
  test('outlives its stack, can be taken back to any second, and is encrypted', () => {
    const rendered = template(example(), 'us-west-2');
    rendered.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    });
  });

  test('goes with its stack only when it was called disposable', () => {
    template(example({ disposable: true }), 'us-west-2').hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    });
  });
});
