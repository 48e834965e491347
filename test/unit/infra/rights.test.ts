import { describe, expect, test, vi } from 'vitest';
import { EAST_ARN, example, SELF_MANAGED, template, WEST_ARN } from './example.ts';
import { actionsOf, kafkaStatements, rightsOf } from './statements.ts';

// The first template that a process renders loads half of the CDK.
vi.setConfig({ testTimeout: 300_000 });

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

  test('to commit where topics begin are reconcile’s, for the groups of mappings alone', () => {
    const granted = kafkaStatements(template(example(), 'us-east-1'), 'Reconcile');
    const groups = granted.filter(([, actions]) => actions.includes('AlterGroup'));

    const name = EAST_ARN.split('/').slice(1).join('/');
    expect(groups).toEqual([
      [`us-east-1:111122223333:group/${name}/causeway*`, expect.arrayContaining(['DescribeGroup', 'AlterGroup'])],
    ]);
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
        for (const action of actionsOf(template(props, region)))
          if (action !== 'kafka-cluster:DeleteGroup') expect(action).not.toMatch(/\*|kafka.*:Delete/);
    const deleting = kafkaStatements(template(example(), 'us-west-2'), 'Runbook').filter(([, actions]) =>
      actions.includes('DeleteGroup'),
    );
    expect(deleting.map(([resource]) => resource.split('/').at(-1))).toEqual(['causeway-drill-*']);
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
    const writes = rightsOf(rendered, 'Checkpoint').filter((right) => /^dynamodb:(?!BatchGet|Query)/.test(right));
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

  test('of heartbeat are its two topics, and where those of the source end', () => {
    const found = kafkaStatements(template(example(), 'us-west-2'), 'Heartbeat');
    expect(found.map(([resource, actions]) => `${resource.split('/').at(-1)}: ${actions.join(' ')}`)).toEqual([
      `${WEST_ARN.split('/').at(-1)}: Connect`,
      'heartbeats: CreateTopic DescribeTopic ReadData WriteData',
      'us-east.heartbeats: DescribeTopic ReadData',
      `${EAST_ARN.split('/').at(-1)}: Connect`,
      '*: DescribeTopic',
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
    const reads = rightsOf(rendered, 'Translate').filter((right) => right.startsWith('dynamodb:'));
    expect(reads.map((right) => right.split(' ')[0])).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:GetItem',
    ]);
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
