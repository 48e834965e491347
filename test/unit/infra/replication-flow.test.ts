import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test, vi } from 'vitest';
import { build, EAST, EAST_ARN, example, SECRET, SELF_MANAGED, template, WEST } from './example.ts';

// The first template that a process renders loads half of the CDK.
vi.setConfig({ testTimeout: 60_000 });

/** What `reconcile` makes its mappings with. */
function mappingOf(rendered: Template): unknown {
  const [resource] = Object.values(rendered.findResources('Custom::CausewayMappings'));
  return JSON.parse(resource?.Properties.mapping);
}

function actionsOf(rendered: Template): string[] {
  const roles = Object.values(rendered.findResources('AWS::IAM::Role'));
  const statements = roles.flatMap((role) => role.Properties.Policies[0].PolicyDocument.Statement);
  return statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
}

describe('the templates', () => {
  test('of the source half are as they were', () => {
    expect(template(example(), 'us-east-1').toJSON()).toMatchSnapshot();
  });

  test('of the target half are as they were', () => {
    expect(template(example(), 'us-west-2').toJSON()).toMatchSnapshot();
  });

  test.each([
    ['with IAM', example(), 'us-east-1'],
    ['target half', example(), 'us-west-2'],
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
    template(example(), 'us-west-2').resourceCountIs('AWS::Lambda::Function', 0);
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

describe('the mappings', () => {
  test('read an MSK cluster by its ARN, with provisioned pollers', () => {
    expect(mappingOf(template(example(), 'us-east-1'))).toEqual({
      origin: { kind: 'msk', clusterArn: EAST_ARN },
      settings: {
        enabled: true,
        batchSize: 10_000,
        batchingWindowSeconds: 0,
        pollers: { minimum: 1, maximum: 10 },
        access: [],
      },
      start: 'TRIM_HORIZON',
    });
  });

  test('read another cluster by its brokers, from the subnets of the flow, with the secret', () => {
    expect(mappingOf(template(example({ source: SELF_MANAGED }), 'us-east-1'))).toMatchObject({
      origin: { kind: 'self-managed', bootstrapServers: ['kafka-1.example:9093', 'kafka-2.example:9093'] },
      settings: {
        access: [
          { type: 'SASL_SCRAM_256_AUTH', uri: SECRET },
          { type: 'VPC_SUBNET', uri: 'subnet:subnet-0e0e0e01' },
          { type: 'VPC_SECURITY_GROUP', uri: 'security_group:sg-0a0a0a0a' },
        ],
      },
    });
  });

  test('are removed before what they need, and the schedule that would make them again goes first', () => {
    const rendered = template(example(), 'us-east-1');
    const [mappings] = Object.keys(rendered.findResources('Custom::CausewayMappings'));
    rendered.hasResource('AWS::Events::Rule', { DependsOn: [mappings] });
    const needed = [
      ...Object.keys(rendered.findResources('AWS::Lambda::Function')),
      ...Object.keys(rendered.findResources('AWS::IAM::Role')),
      ...Object.keys(rendered.findResources('AWS::EC2::SecurityGroup')),
    ];
    rendered.hasResource('Custom::CausewayMappings', {
      DependsOn: Match.arrayWith(needed.toSorted()),
    });
  });

  test('are looked at each minute unless refreshing topics is off', () => {
    template(example(), 'us-east-1').hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
    });
    template(example({ refreshTopics: false }), 'us-east-1').resourceCountIs('AWS::Events::Rule', 0);
  });
});

describe('rights', () => {
  test('with IAM are those of the protocol, on this flow alone', () => {
    const actions = actionsOf(template(example(), 'us-east-1')).filter((action) => action.startsWith('kafka-cluster:'));
    expect([...new Set(actions)].sort()).toEqual([
      'kafka-cluster:AlterGroup',
      'kafka-cluster:AlterTopic',
      'kafka-cluster:AlterTransactionalId',
      'kafka-cluster:Connect',
      'kafka-cluster:CreateTopic',
      'kafka-cluster:DescribeCluster',
      'kafka-cluster:DescribeGroup',
      'kafka-cluster:DescribeTopic',
      'kafka-cluster:DescribeTopicDynamicConfiguration',
      'kafka-cluster:DescribeTransactionalId',
      'kafka-cluster:ReadData',
      'kafka-cluster:WriteData',
      'kafka-cluster:WriteDataIdempotently',
    ]);
  });

  test('never hold a whole service, nor delete anything of Kafka', () => {
    for (const props of [example(), example({ source: SELF_MANAGED })])
      for (const action of actionsOf(template(props, 'us-east-1'))) expect(action).not.toMatch(/\*|kafka.*:Delete/);
  });

  test('to a secret are given only where there is one', () => {
    const secrets = (props: Parameters<typeof template>[0]) =>
      actionsOf(template(props, 'us-east-1')).filter((action) => action.startsWith('secretsmanager:'));
    expect(secrets(example())).toEqual([]);
    expect(secrets(example({ source: SELF_MANAGED }))).toEqual(Array(2).fill('secretsmanager:GetSecretValue'));
  });

  test('to mappings are those of the replicate function', () => {
    const roles = Object.values(template(example(), 'us-east-1').findResources('AWS::IAM::Role'));
    const statements = roles.flatMap((role) => role.Properties.Policies[0].PolicyDocument.Statement);
    const changing = statements.filter(({ Action }) => /(Create|Update|Delete)EventSource/.test(String(Action)));
    expect(changing).toHaveLength(2);
    for (const statement of changing) expect(statement.Condition.ArnEquals).toHaveProperty('lambda:FunctionArn');
  });
});

describe('the network', () => {
  test('opens the brokers to the functions and to the pollers, on the brokers’ port alone', () => {
    const rendered = template(example(), 'us-east-1');
    const rules = Object.values(rendered.findResources('AWS::EC2::SecurityGroupIngress'));
    expect(rules.map(({ Properties }) => [Properties.GroupId, Properties.FromPort, Properties.ToPort])).toEqual([
      ['sg-0e0e0e0e', 9098, 9098],
      ['sg-0e0e0e0e', 9098, 9098],
    ]);
    rendered.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: [Match.objectLike({ FromPort: 9098 }), Match.objectLike({ FromPort: 443 })],
    });
  });

  test("opens the target's brokers to the functions, too, in the region of the functions", () => {
    const { clusterArn: _, ...target } = {
      ...WEST,
      authentication: 'none' as const,
      brokerSecurityGroupId: 'sg-0f0f0f0f',
    };
    const doors = (region: string) => {
      const rendered = template(example({ target: { ...target, region } }), 'us-east-1');
      const rules = Object.values(rendered.findResources('AWS::EC2::SecurityGroupIngress'));
      return rules.map(({ Properties: { GroupId, SourceSecurityGroupId } }) => [GroupId, typeof SourceSecurityGroupId]);
    };

    expect(doors('us-west-2')).not.toContainEqual(['sg-0f0f0f0f', expect.anything()]);
    expect(doors('us-east-1')).toContainEqual(['sg-0f0f0f0f', 'object']);
    expect(doors('us-east-1')).not.toContainEqual(['sg-0f0f0f0f', 'string']);
  });

  test('given groups are used as they are', () => {
    const rendered = template(example({ source: SELF_MANAGED }), 'us-east-1');
    rendered.resourceCountIs('AWS::EC2::SecurityGroup', 0);
    rendered.allResourcesProperties('AWS::Lambda::Function', { VpcConfig: { SecurityGroupIds: ['sg-0a0a0a0a'] } });
  });

  test('without a VPC there is no network, and a warning', () => {
    const { vpc: _, ...outside } = EAST;
    const { stack } = build(example({ source: outside }), 'us-east-1');
    const rendered = Template.fromStack(stack);
    rendered.allResourcesProperties('AWS::Lambda::Function', { VpcConfig: Match.absent() });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('reach only brokers with public addresses'));
  });
});
