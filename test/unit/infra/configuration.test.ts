import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { readConfiguration, readFlow } from '../../../infra/configuration.ts';
import { checkProps } from '../../../infra/flow/check-props.ts';
import type { FlowCluster } from '../../../infra/flow/props.ts';
import { LiteralSecretError } from '../../../shared/config/errors.ts';
import { decodeTopicChoice, topicVerdicts } from '../../../shared/config/topic-choice.ts';
import { EAST_ARN, writeConfiguration } from './example.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:AmazonMSK_east-AbCdEf';

async function source(...lines: string[]): Promise<FlowCluster> {
  return (await readFlow(writeConfiguration(lines.join('\n')), 'us-east->us-west')).source;
}

test('a flow of the file is the properties of a construct', async () => {
  const props = await readFlow(writeConfiguration(), 'us-east->us-west');

  expect(props).toMatchObject({
    flow: { source: 'us-east', target: 'us-west' },
    source: { region: 'us-east-1', bootstrapServers: ['b-1.east.example:9098'], clusterArn: EAST_ARN },
    target: { region: 'us-west-2' },
    remoteTopics: 'us-east.*',
    polling: { batchSize: 10_000, batchingWindowSeconds: 0, minimumPollers: 1, start: 'TRIM_HORIZON' },
    refreshTopics: true,
    syncAcls: true,
    deleteRemoteTopics: false,
    lookEverySeconds: 10,
    twoWay: false,
  });
});

test('a flow knows which topics the one copies that goes the other way', async () => {
  const file = (...lines: string[]) => writeConfiguration(['us-west->us-east.enabled = true', ...lines].join('\n'));

  const { reverse } = await readFlow(file('us-west->us-east.topics = orders'), 'us-east->us-west');

  const verdict = topicVerdicts(decodeTopicChoice(reverse?.topicChoice ?? ''));
  expect([verdict('orders').covered, verdict('payments').covered]).toEqual([true, false]);
  expect((await readFlow(writeConfiguration(), 'us-east->us-west')).reverse).toBeUndefined();
});

test.each<[string, string[], Partial<FlowCluster>]>([
  ['none', [], { authentication: 'none' }],
  ['IAM', ['us-east.causeway.auth = iam'], { authentication: 'iam' }],
  [
    'SCRAM with one secret',
    ['us-east.causeway.auth = scram', `us-east.causeway.secret.arn = ${SECRET}`],
    {
      authentication: 'scram-sha-512',
      secretArn: SECRET,
      referencedArns: { data: [SECRET], admin: [SECRET], besideTarget: [SECRET] },
    },
  ],
  ['TLS', ['us-east.security.protocol = SSL'], { authentication: 'tls' }],
  [
    'client certificates',
    ['us-east.causeway.auth = tls', `us-east.causeway.secret.arn = ${SECRET}`],
    { authentication: 'mutual-tls', secretArn: SECRET },
  ],
])('authentication by %s', async (_, lines, expected) => {
  expect(await source(...lines)).toMatchObject(expected);
});

test('a secret referred to by name is granted by its name, in the region of the functions', async () => {
  const { referencedArns } = await source(
    'config.providers = secrets',
    'us-east.security.protocol = SASL_SSL',
    'us-east.sasl.mechanism = PLAIN',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference as a properties file has it
    'us-east.sasl.jaas.config = ${secrets:kafka-login}',
  );
  const named = (region: string) => [
    expect.stringMatching(new RegExp(`^arn:.*:secretsmanager:${region}:.*:secret:kafka-login-\\?{6}$`)),
  ];
  expect(referencedArns).toEqual({
    data: named('us-east-1'),
    admin: named('us-east-1'),
    besideTarget: named('us-west-2'),
  });
});

test('the network, security groups and keys of the file reach the construct', async () => {
  const key = 'arn:aws:kms:us-east-1:111122223333:key/0a0a0a0a';
  expect(
    await source(
      'us-east.causeway.vpc.id = vpc-0e0e0e0e',
      'us-east.causeway.subnets = subnet-0e0e0e01, subnet-0e0e0e02',
      'us-east.causeway.security.groups = sg-0a0a0a0a',
      'us-east.causeway.broker.security.group = sg-0e0e0e0e',
      `us-east.causeway.secret.key.arns = ${key}`,
    ),
  ).toMatchObject({
    vpc: {
      vpcId: 'vpc-0e0e0e0e',
      subnetIds: ['subnet-0e0e0e01', 'subnet-0e0e0e02'],
      securityGroupIds: ['sg-0a0a0a0a'],
    },
    brokerSecurityGroupId: 'sg-0e0e0e0e',
    keyArns: [key],
  });
});

test('a start in time, on-demand pollers and a pattern reach the construct', async () => {
  const path = writeConfiguration(`
causeway.start.position = 2026-01-31T12:00:00Z
causeway.pollers.mode = on-demand
causeway.replication.policy.pattern = replica-{source}-{topic}`);
  expect(await readFlow(path, 'us-east->us-west')).toMatchObject({
    remoteTopics: 'replica-us-east-*',
    polling: { mode: 'on-demand', start: { atMs: Date.UTC(2026, 0, 31, 12) } },
  });
});

test('a group of pollers reaches the construct, with as many pollers a topic as a full group has room for', async () => {
  const polling = async (more: string) => (await readFlow(writeConfiguration(more), 'us-east->us-west')).polling;

  expect(await polling('causeway.pollers.group = flows')).toMatchObject({ pollerGroup: 'flows', maximumPollers: 20 });
  expect(await polling('causeway.pollers.group = flows\ncauseway.pollers.maximum = 90')).toMatchObject({
    maximumPollers: 90,
  });
  expect(await polling('')).not.toHaveProperty('pollerGroup');
});

test.each([
  ['', undefined],
  ['emit.offset-syncs.enabled = true', { cluster: 'source', topic: 'mm2-offset-syncs.us-west.internal' }],
  [
    'emit.offset-syncs.enabled = true\noffset-syncs.topic.location = target\nreplication.policy.separator = _',
    { cluster: 'target', topic: 'mm2-offset-syncs_us-east_internal' },
  ],
])('offset syncs are written where the file says, if it does: %s', async (more, expected) => {
  const props = await readFlow(writeConfiguration(more), 'us-east->us-west');
  expect(props.offsetSyncs).toEqual(expected);
});

test('both ways under the same names are known as such; a prefixed pair is not', async () => {
  const both = 'us-west->us-east.enabled = true\n';
  const identity = 'replication.policy.class = org.apache.kafka.connect.mirror.IdentityReplicationPolicy\n';
  const twoWay = async (more: string) =>
    (await readConfiguration(writeConfiguration(more))).flows.map((flow) => flow.twoWay);
  expect(await twoWay(both)).toEqual([false, false]);
  expect(await twoWay(identity)).toEqual([false, false]);
  expect(await twoWay(both + identity)).toEqual([true, true]);
});

test('a pair that is not enabled is there for its heartbeats, where it is known where to write them', async () => {
  const pairs = async (more: string, arns?: string[]) =>
    (await readConfiguration(writeConfiguration(more, arns))).flows.map(({ flow, heartbeatsOnly, heartbeats }) => [
      `${flow.source}->${flow.target}`,
      heartbeats ? (heartbeatsOnly ? 'heartbeats only' : 'copies') : 'no heartbeats',
    ]);
  expect(await pairs('')).toEqual([
    ['us-east->us-west', 'copies'],
    ['us-west->us-east', 'heartbeats only'],
  ]);
  expect(await pairs('emit.heartbeats.enabled = false')).toEqual([['us-east->us-west', 'no heartbeats']]);
  expect(await pairs('us-west.causeway.region = us-west-2', [])).toEqual([['us-east->us-west', 'copies']]);
});

test.each([
  ['that are not copied', 'heartbeats.replication.enabled = false', false],
  [
    'that the lists copy all the same',
    'heartbeats.replication.enabled = false\nus-east->us-west.topics = .*',
    undefined,
  ],
  ['that nobody writes', 'us-west->us-east.emit.heartbeats.enabled = false', false],
  ['of which the file says nothing', '', undefined],
])('heartbeats %s are known as such', async (_, more, arrive) => {
  expect((await readFlow(writeConfiguration(more), 'us-east->us-west')).heartbeatsArrive).toBe(arrive);
});

test('what a flow does with groups reaches the construct', async () => {
  expect(await readFlow(writeConfiguration(), 'us-east->us-west')).toMatchObject({
    checkpoints: true,
    commitOffsets: false,
    checkpointMemoryMb: 512,
    checkpointsTopic: 'us-east.checkpoints.internal',
    heartbeatsCopy: 'us-east.heartbeats',
  });
  const path = writeConfiguration(`emit.checkpoints.enabled = false
sync.group.offsets.enabled = true
causeway.checkpoint.memory.mb = 2048
replication.policy.separator = _`);
  expect(await readFlow(path, 'us-east->us-west')).toMatchObject({
    checkpoints: false,
    commitOffsets: true,
    checkpointMemoryMb: 2048,
    checkpointsTopic: 'us-east_checkpoints_internal',
    heartbeatsCopy: 'us-east_heartbeats',
  });
});

test('whether there is a dashboard, and thresholds of alarms, reach the construct', async () => {
  expect(await readFlow(writeConfiguration(), 'us-east->us-west')).toMatchObject({ dashboard: true });
  const path = writeConfiguration('causeway.dashboard.enabled = false\ncauseway.alarm.records.waiting = 5');
  expect(await readFlow(path, 'us-east->us-west')).toMatchObject({
    dashboard: false,
    alarms: { settings: { recordsWaiting: 5 } },
  });
});

test.each([
  ['', undefined],
  ['causeway.verify.enabled = true', { everyMinutes: 15 }],
  ['causeway.verify.enabled = true\ncauseway.verify.interval.minutes = 60', { everyMinutes: 60 }],
  ['causeway.verify.interval.minutes = 60', undefined],
])('both logs are compared all the time where the file says so: %s', async (more, expected) => {
  expect((await readFlow(writeConfiguration(more), 'us-east->us-west')).verify).toEqual(expected);
});

test('a flow that the file does not enable is named, with those it does', async () => {
  await expect(readFlow(writeConfiguration(), 'us-west->us-east')).rejects.toThrow(
    /enables no flow us-west->us-east; it enables us-east->us-west$/,
  );
});

test('a file that enables no flow is told so: there would be no stack to deploy', async () => {
  await expect(readConfiguration(writeConfiguration('us-east->us-west.enabled = false'))).rejects.toThrow(
    /enables no flow$/,
  );
});

test('a secret in clear text is refused, and never printed', async () => {
  const login =
    'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="c0rrect-horse";';
  const failure: unknown = await source(
    'us-east.security.protocol = SASL_SSL',
    'us-east.sasl.mechanism = PLAIN',
    `us-east.sasl.jaas.config = ${login}`,
  ).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(LiteralSecretError);
  expect(inspect(failure)).toContain('us-east.sasl.jaas.config in line 10 is a secret in clear text');
  expect(inspect(failure)).not.toContain('c0rrect-horse');
});

test('a file that is not there is told in words, with one to begin with', async () => {
  await expect(readFlow('nowhere/mm2.properties', 'us-east->us-west')).rejects.toMatchObject({
    code: 'CONFIGURATION_UNREADABLE',
    message: 'there is no file nowhere/mm2.properties',
    next: expect.stringContaining('docs/examples/mm2.properties'),
  });
});

test('the example that there is to begin with has no fault, and nothing to be warned of', async () => {
  const example = new URL('../../../docs/examples/mm2.properties', import.meta.url).pathname;

  const { flows, warnings } = await readConfiguration(example);

  expect(flows.filter(({ heartbeatsOnly }) => !heartbeatsOnly).map(({ flow }) => flow)).toEqual([
    { source: 'us-east', target: 'us-west' },
  ]);
  expect(warnings).toEqual([]);
  for (const flow of flows) expect(() => checkProps(flow, flow.target.region)).not.toThrow();
});
