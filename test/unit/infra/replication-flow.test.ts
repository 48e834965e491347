import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test, vi } from 'vitest';
import { RegionStack } from '../../../infra/region-stack.ts';
import { build, EAST, EAST_ARN, example, newApp, SECRET, SELF_MANAGED, template, WEST, WEST_ARN } from './example.ts';

// The first template that a process renders loads half of the CDK.
vi.setConfig({ testTimeout: 60_000 });

const WEST_IN_VPC = {
  ...WEST,
  brokerSecurityGroupId: 'sg-0f0f0f0f',
  vpc: { vpcId: 'vpc-0f0f0f0f', subnetIds: ['subnet-0f0f0f01'] },
};
const EU_ARN = WEST_ARN.replace('us-west-2', 'eu-west-1');

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

/** `kafka-cluster:` actions of one function's role, each with the resource's end. */
function kafkaStatements(rendered: Template, name: string): [string, string[]][] {
  const roles = Object.entries(rendered.findResources('AWS::IAM::Role'));
  const statements = roles
    .filter(([id]) => id.includes(`${name}Role`))
    .flatMap(([, role]) => role.Properties.Policies[0].PolicyDocument.Statement);
  return statements
    .map(({ Action, Resource }): [string, string[]] => [
      String(Resource).split(':').slice(3).join(':'),
      [Action].flat().flatMap((action: string) => (action.startsWith('kafka-cluster:') ? [action.slice(14)] : [])),
    ])
    .filter(([, actions]) => actions.length > 0);
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
    ['target half that commits, in a VPC', example({ commitOffsets: true, target: WEST_IN_VPC }), 'us-west-2'],
    ['heartbeats alone', example({ heartbeatsOnly: true }), 'us-west-2'],
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
    expect(names('us-west-2')).toEqual(['checkpoint', 'heartbeat', 'translate'].map(called));
  });

  test('each function of the target half is called every minute, and a failed call is not made again', () => {
    const rendered = template(example(), 'us-west-2');
    const rules = Object.values(rendered.findResources('AWS::Events::Rule'));
    expect(rules.map(({ Properties }) => [Properties.ScheduleExpression, Properties.Targets[0].Input])).toEqual([
      ['rate(1 minute)', '{"action":"checkpoint"}'],
      ['rate(1 minute)', '{"action":"heartbeat"}'],
    ]);
    rendered.allResourcesProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
    rendered.resourceCountIs('AWS::Lambda::EventInvokeConfig', 2);
  });

  test('a flow without checkpoints or heartbeats has no functions for them', () => {
    template(example({ checkpoints: false }), 'us-west-2').resourceCountIs('AWS::Lambda::Function', 2);
    const neither = template(example({ checkpoints: false, heartbeats: false }), 'us-west-2');
    neither.resourceCountIs('AWS::Lambda::Function', 1);
    neither.resourceCountIs('AWS::DynamoDB::Table', 1);
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
      'kafka-cluster:AlterTopicDynamicConfiguration',
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

  test('to alter the cluster and to delete topics are reconcile’s alone, and only where the configuration asks for it', () => {
    const added = (props: Parameters<typeof example>[0]) => {
      const usual = new Set(actionsOf(template(example(), 'us-east-1')));
      return actionsOf(template(example(props), 'us-east-1')).filter((action) => !usual.has(action));
    };
    expect(added({ syncAcls: true })).toEqual(['kafka-cluster:AlterCluster']);
    expect(added({ deleteRemoteTopics: true })).toEqual(['kafka-cluster:DeleteTopic']);
  });

  test.each([
    ['source', EAST_ARN, 'mm2-offset-syncs.us-west.internal'],
    ['target', WEST_ARN, 'mm2-offset-syncs.us-east.internal'],
  ] as const)(
    'to make and write the one topic of offset syncs are given where they are written: %s',
    (cluster, arn, topic) => {
      const granted = (props: Parameters<typeof example>[0]) =>
        kafkaStatements(template(example(props), 'us-east-1'), 'Replicate').map(([resource, actions]) =>
          [resource, ...actions].join(' '),
        );
      const usual = granted({});

      const added = granted({ offsetSyncs: { cluster, topic } }).filter((each) => !usual.includes(each));

      const [region, account, name] = [arn.split(':')[3], '111122223333', arn.split('/').slice(1).join('/')];
      expect(added).toEqual([`${region}:${account}:topic/${name}/${topic} CreateTopic DescribeTopic WriteData`]);
    },
  );

  test('never hold a whole service, nor delete anything of Kafka', () => {
    for (const props of [example(), example({ source: SELF_MANAGED }), example({ commitOffsets: true })])
      for (const region of ['us-east-1', 'us-west-2'])
        for (const action of actionsOf(template(props, region))) expect(action).not.toMatch(/\*|kafka.*:Delete/);
  });

  test('of checkpoint are to read groups on both sides, to look up the offset map and to write checkpoints', () => {
    const rendered = template(example(), 'us-west-2');
    const [east, west] = [EAST_ARN, WEST_ARN].map((arn) => arn.split('/').slice(1).join('/'));
    expect(kafkaStatements(rendered, 'Checkpoint')).toEqual([
      [`us-east-1:111122223333:cluster/${east}`, ['Connect', 'DescribeCluster']],
      [`us-east-1:111122223333:topic/${east}/*`, ['DescribeTopic']],
      [`us-east-1:111122223333:group/${east}/*`, ['DescribeGroup']],
      [`us-west-2:111122223333:cluster/${west}`, ['Connect', 'DescribeCluster']],
      [`us-west-2:111122223333:topic/${west}/us-east.*`, ['DescribeTopic']],
      [`us-west-2:111122223333:group/${west}/*`, ['DescribeGroup']],
      [`us-west-2:111122223333:cluster/${west}`, ['Connect']],
      [
        `us-west-2:111122223333:topic/${west}/us-east.checkpoints.internal`,
        ['CreateTopic', 'DescribeTopic', 'ReadData', 'WriteData'],
      ],
    ]);
    const writes = actionsOf(rendered).filter((action) => /^dynamodb:(Put|Update|Delete|Batch(?!Get))/.test(action));
    expect(writes).toEqual([]);
  });

  test('to set groups are given where offsets are committed, and what that takes of Kafka', () => {
    const setting = kafkaStatements(template(example({ commitOffsets: true }), 'us-west-2'), 'Checkpoint');
    const end = (resource: string) => resource.split('/').at(-1);
    expect(setting.filter(([, actions]) => actions.includes('AlterGroup')).map(([resource]) => end(resource))).toEqual([
      '*',
    ]);
    expect(setting.filter(([, actions]) => actions.includes('ReadData')).map(([resource]) => end(resource))).toEqual([
      'us-east.*',
      'us-east.checkpoints.internal',
    ]);
  });

  test('of heartbeat are its two topics and a question to the source', () => {
    const found = kafkaStatements(template(example(), 'us-west-2'), 'Heartbeat');
    expect(found.map(([resource, actions]) => `${resource.split('/').at(-1)}: ${actions.join(' ')}`)).toEqual([
      `${WEST_ARN.split('/').at(-1)}: Connect`,
      'heartbeats: CreateTopic DescribeTopic ReadData WriteData',
      'us-east.heartbeats: DescribeTopic ReadData',
      `${EAST_ARN.split('/').at(-1)}: Connect`,
    ]);
  });

  test('of translate are to read groups on both sides, the checkpoints and the offset map', () => {
    const rendered = template(example(), 'us-west-2');
    const found = kafkaStatements(rendered, 'Translate');
    expect(found.map(([resource, actions]) => `${resource.split('/').at(-1)}: ${actions.join(' ')}`)).toEqual([
      `${EAST_ARN.split('/').at(-1)}: Connect DescribeCluster`,
      '*: DescribeTopic',
      '*: DescribeGroup',
      `${WEST_ARN.split('/').at(-1)}: Connect DescribeCluster`,
      'us-east.*: DescribeTopic',
      '*: DescribeGroup',
      'us-east.checkpoints.internal: DescribeTopic ReadData',
    ]);
    expect(
      actionsOf(rendered)
        .filter((action) => action.startsWith('dynamodb:'))
        .slice(-3),
    ).toEqual(['dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:GetItem']);
  });

  test('to ask the URL of translate are given to nobody, and nobody may do so unsigned', () => {
    const rendered = template(example(), 'us-west-2');
    rendered.allResourcesProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
    rendered.resourceCountIs('AWS::Lambda::Url', 1);
    const urls = Object.values(rendered.findResources('AWS::Lambda::Permission'));
    expect(urls.filter(({ Properties }) => Properties.Action !== 'lambda:InvokeFunction')).toEqual([]);
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

  test('has one door between two groups, however many halves of flows go through it', () => {
    const [east, west] = [EAST, WEST].map((cluster, i) => ({
      ...cluster,
      brokerSecurityGroupId: `sg-0${i}0${i}0${i}0${i}`,
      vpc: { vpcId: `vpc-${i}`, subnetIds: [`subnet-${i}`], securityGroupIds: [`sg-0${i}0${i}ffff`] },
    }));
    if (!east || !west) throw new Error('two clusters');
    const flows = [
      example({ source: east, target: west }),
      example({ flow: { source: 'us-west', target: 'us-east' }, source: west, target: east }),
      example({
        flow: { source: 'us-east', target: 'eu' },
        source: east,
        target: { ...WEST, region: 'eu-west-1', clusterArn: EU_ARN },
      }),
    ];
    const rendered = Template.fromStack(
      new RegionStack(newApp(), 'Causeway-us-east-1', { region: 'us-east-1', flows }),
    );
    const doors = Object.values(rendered.findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties: p }) =>
      [p.SourceSecurityGroupId, p.GroupId, p.FromPort].join(' '),
    );
    expect(doors.toSorted()).toEqual(['sg-00000000 sg-00000000 9098', 'sg-0000ffff sg-00000000 9098']);
    const mappings = Object.values(rendered.findResources('Custom::CausewayMappings'));
    for (const { DependsOn } of mappings)
      expect(DependsOn.filter((id: string) => id.startsWith('Door'))).toHaveLength(2);
  });

  test('beside the target opens its brokers to its functions, and to no pollers', () => {
    const rendered = template(example({ target: WEST_IN_VPC }), 'us-west-2');
    const rules = Object.values(rendered.findResources('AWS::EC2::SecurityGroupIngress'));
    expect(rules.map(({ Properties }) => [Properties.GroupId, Properties.FromPort])).toEqual([['sg-0f0f0f0f', 9098]]);
    rendered.allResourcesProperties('AWS::Lambda::Function', { VpcConfig: { SubnetIds: ['subnet-0f0f0f01'] } });
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
