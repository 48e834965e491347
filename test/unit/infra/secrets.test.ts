// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references look like that
import type { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { readFlow } from '../../../infra/configuration.ts';
import type { ReplicationFlowProps } from '../../../infra/flow/props.ts';
import { build, CODE, EAST_ARN, template, WEST_ARN, writeConfiguration } from './example.ts';

const arn = (name: string, region = 'us-east-1') =>
  `arn:aws:secretsmanager:${region}:111122223333:secret:${name}-AbCdEf`;
const LOGIN = arn('AmazonMSK_east');
const AUTHORITY = arn('east-authority');
const ROLE = 'arn:aws:iam::444455556666:role/kafka-clients';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/0a0a0a0a-1111-2222-3333-444444444444';

/** The flow of a file, with small code. @param msk whether the clusters are MSK's */
async function props({ msk }: { readonly msk: boolean }, ...lines: string[]): Promise<ReplicationFlowProps> {
  const path = writeConfiguration(
    [
      'config.providers = secrets, ssm',
      'us-east.causeway.region = us-east-1',
      'us-west.causeway.region = us-west-2',
      ...lines,
    ].join('\n'),
    msk ? [EAST_ARN, WEST_ARN] : [],
  );
  return { ...(await readFlow(path, 'us-east->us-west')), codeFolders: CODE };
}

/** What the pollers log in with, without the places that they stand in. */
function access(rendered: Template): unknown {
  const [resource] = Object.values(rendered.findResources('Custom::CausewayMappings'));
  return JSON.parse(resource?.Properties.mapping).settings.access;
}

interface Statement {
  readonly Action: string;
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const OF_SECRETS = /^(?:secretsmanager|ssm|kms|sts):/;

/** `[action, resources]` on secrets of one function's role, resources as text. */
function rights(
  rendered: Template,
  name: 'SourceReplicate' | 'SourceReconcile' | 'TargetCheckpoint' | 'TargetHeartbeat',
): readonly (readonly [string, readonly string[]])[] {
  const roles = Object.entries(rendered.findResources('AWS::IAM::Role'));
  const [, role] = roles.find(([id]) => id.includes(`${name}Role`)) ?? [];
  const statements: Statement[] = role?.Properties.Policies[0].PolicyDocument.Statement;
  return statements
    .filter(({ Action }) => OF_SECRETS.test(String(Action)))
    .map(({ Action, Resource }) => [Action, [Resource].flat().map((each) => text(each))] as const);
}

/** Partition and account, which a template refers to, in angle brackets. */
function text(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const pieces = JSON.stringify(resource).replace(/^.*"Fn::Join":\["",\[|\]\]\}$/g, '');
  return pieces.replace(/\{"Ref":"[^"]*"\}/g, '"<>"').replace(/"|,/g, '');
}

test.each<[string, boolean, string[], unknown[]]>([
  [
    'MSK with SCRAM',
    true,
    ['us-east.causeway.auth = scram', `us-east.causeway.secret.arn = ${LOGIN}`],
    [{ type: 'SASL_SCRAM_512_AUTH', uri: LOGIN }],
  ],
  [
    'MSK with client certificates',
    true,
    ['us-east.causeway.auth = tls', `us-east.causeway.secret.arn = ${LOGIN}`],
    [{ type: 'CLIENT_CERTIFICATE_TLS_AUTH', uri: LOGIN }],
  ],
  ['MSK with IAM', true, ['us-east.causeway.auth = iam'], []],
  [
    'a cluster of its own with SCRAM-SHA-256 and its own authority',
    false,
    [
      'us-east.security.protocol = SASL_SSL',
      'us-east.sasl.mechanism = SCRAM-SHA-256',
      `us-east.sasl.jaas.config = x.ScramLoginModule required username="\${secrets:${LOGIN}:username}" password="\${secrets:${LOGIN}:password}";`,
      `us-east.ssl.truststore.certificates = \${secrets:${AUTHORITY}:certificate}`,
    ],
    [
      { type: 'SASL_SCRAM_256_AUTH', uri: LOGIN },
      { type: 'SERVER_ROOT_CA_CERTIFICATE', uri: AUTHORITY },
    ],
  ],
  [
    'a cluster of its own with PLAIN',
    false,
    [
      'us-east.security.protocol = SASL_SSL',
      'us-east.sasl.mechanism = PLAIN',
      `us-east.causeway.secret.arn = ${LOGIN}`,
    ],
    [{ type: 'BASIC_AUTH', uri: LOGIN }],
  ],
  [
    'a cluster of its own with client certificates',
    false,
    [
      'us-east.security.protocol = SSL',
      `us-east.ssl.keystore.certificate.chain = \${secrets:${LOGIN}:certificate}`,
      `us-east.ssl.keystore.key = \${secrets:${LOGIN}:privateKey}`,
      `us-east.ssl.key.password = \${secrets:${LOGIN}:privateKeyPassword}`,
    ],
    [{ type: 'CLIENT_CERTIFICATE_TLS_AUTH', uri: LOGIN }],
  ],
])('pollers of %s are given what they need to log in', async (_, msk, lines, expected) => {
  expect(access(template(await props({ msk }, ...lines), 'us-east-1'))).toEqual(expected);
});

/** Two clusters of one's own with everything that may be referred to. */
function referring(): Promise<ReplicationFlowProps> {
  return props(
    { msk: false },
    'us-east.security.protocol = SASL_SSL',
    'us-east.sasl.mechanism = SCRAM-SHA-512',
    `us-east.causeway.secret.arn = ${LOGIN}`,
    `us-east.causeway.secret.key.arns = ${KEY}`,
    `us-east.ssl.truststore.certificates = \${secrets:${AUTHORITY}:certificate}`,
    'us-east.admin.sasl.jaas.config = ${secrets:east-admin:jaas}',
    'us-west.security.protocol = SASL_SSL',
    'us-west.sasl.mechanism = SCRAM-SHA-512',
    'us-west.sasl.jaas.config = x.ScramLoginModule required username="mirror" password="${ssm:/kafka/west}";',
  );
}

test('each function may read what its own clients refer to, the pollers what they log in with, and nobody more', async () => {
  const flow = await referring();
  const rendered = template(flow, 'us-east-1');

  expect(rights(rendered, 'SourceReplicate')).toEqual([
    ['secretsmanager:GetSecretValue', [LOGIN, AUTHORITY]],
    ['ssm:GetParameter', ['arn:<>:ssm:us-east-1:<>:parameter/kafka/west']],
    ['kms:Decrypt', [KEY]],
  ]);
  expect(rights(rendered, 'SourceReconcile')).toEqual([
    ['secretsmanager:GetSecretValue', ['arn:<>:secretsmanager:us-east-1:<>:secret:east-admin-??????', AUTHORITY]],
    ['ssm:GetParameter', ['arn:<>:ssm:us-east-1:<>:parameter/kafka/west']],
    ['kms:Decrypt', [KEY]],
  ]);
  expect(JSON.stringify(rendered)).toContain('"kms:ViaService":[{"Fn::Join":["",["secretsmanager.us-east-1."');
});

test('rights to secrets have no finding of cdk-nag that is not explained', async () => {
  const { app } = build(await referring(), 'us-east-1');

  const { violations } = new AwsSolutionsChecks(app).validateScope(app);

  expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
});

test('functions beside the target read secrets that are named without an ARN in their own region', async () => {
  const rendered = template(await referring(), 'us-west-2');
  const expected = [
    ['secretsmanager:GetSecretValue', ['arn:<>:secretsmanager:us-west-2:<>:secret:east-admin-??????', AUTHORITY]],
    ['ssm:GetParameter', ['arn:<>:ssm:us-west-2:<>:parameter/kafka/west']],
    ['kms:Decrypt', [KEY]],
  ];

  expect(rights(rendered, 'TargetCheckpoint')).toEqual(expected);
  expect(rights(rendered, 'TargetHeartbeat')).toEqual(expected);
});

test('heartbeats alone read nothing that the source is logged in to with', async () => {
  const rendered = template({ ...(await referring()), heartbeatsOnly: true }, 'us-west-2');
  expect(rights(rendered, 'TargetHeartbeat')).toEqual([
    ['ssm:GetParameter', ['arn:<>:ssm:us-west-2:<>:parameter/kafka/west']],
  ]);
});

test('a role to log in with may be taken on by the function whose client names it', async () => {
  const flow = await props(
    { msk: true },
    'us-east.causeway.auth = iam',
    `us-east.admin.sasl.jaas.config = software.amazon.msk.auth.iam.IAMLoginModule required awsRoleArn="${ROLE}";`,
  );
  const rendered = template(flow, 'us-east-1');

  expect(rights(rendered, 'SourceReplicate')).toEqual([]);
  expect(rights(rendered, 'SourceReconcile')).toEqual([['sts:AssumeRole', [ROLE]]]);
});
