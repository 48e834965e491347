import { randomBytes } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvalidFlowPropsError } from '../../../infra/flow/check-props.ts';
import type { ReplicationFlowProps } from '../../../infra/flow/props.ts';
import { ReplicationFlow } from '../../../infra/flow/replication-flow.ts';
import { build, EAST, EAST_ARN, example, newApp, SECRET, SELF_MANAGED, WEST } from './example.ts';

function faultsOf(props: ReplicationFlowProps, region = 'us-east-1'): readonly string[] {
  try {
    build(props, region);
  } catch (error) {
    if (error instanceof InvalidFlowPropsError) return error.faults;
    throw error;
  }
  return [];
}

test.each<[Partial<ReplicationFlowProps>, unknown]>([
  [{ flow: { source: 'a', target: 'a' } }, 'flow: source and target are both a'],
  [{ configuration: '' }, 'configuration: is empty'],
  [
    { configuration: randomBytes(1_920).toString('hex') },
    expect.stringMatching(/^configuration: \d{4} bytes when packed, Lambda's environment has room for 2560$/),
  ],
  [{ source: { ...EAST, region: 'virginia' } }, 'source.region: virginia is not an AWS region'],
  [{ source: { ...EAST, bootstrapServers: [] } }, 'source.bootstrapServers: is empty'],
  [{ source: { ...EAST, bootstrapServers: ['broker'] } }, 'source.bootstrapServers: broker is not host:port'],
  [
    { target: { ...WEST, clusterArn: EAST_ARN } },
    "target.clusterArn: is in us-east-1, the cluster's region is us-west-2",
  ],
  [
    { target: { region: 'us-west-2', bootstrapServers: ['b:1'], authentication: 'iam' } },
    'target.clusterArn: is needed for IAM authentication',
  ],
  [
    { target: { ...WEST, authentication: 'scram-sha-512' } },
    'target.secretArn: is needed for scram-sha-512 authentication',
  ],
  [
    { target: { ...WEST, secretArn: 'hunter2' } },
    'target.secretArn: hunter2 is not the ARN of a Secrets Manager secret',
  ],
  [
    { target: { ...WEST, referencedArns: { data: [], admin: ['s3'], besideTarget: [] } } },
    'target.referencedArns: s3 is no secret, SSM parameter or role',
  ],
  [{ source: { ...EAST, keyArns: ['alias/kafka'] } }, 'source.keyArns: alias/kafka is not the ARN of a KMS key'],
  [
    { source: { ...EAST, brokerSecurityGroupId: 'brokers' } },
    'source.brokerSecurityGroupId: brokers is not the id of a security group',
  ],
  [
    { source: { ...SELF_MANAGED, secretArn: SECRET.replace('us-east-1', 'us-west-2') } },
    expect.stringMatching(
      /^source: arn:aws:secretsmanager:us-west-2:.* is not in us-east-1, where Lambda's pollers look/,
    ),
  ],
  [
    { source: { ...SELF_MANAGED, encrypted: false } },
    "source.encrypted: Lambda's pollers log in over TLS only, security.protocol = SASL_SSL in Kafka's words",
  ],
  [
    { source: { ...SELF_MANAGED, certificateAuthority: {} } },
    expect.stringMatching(/^source\.certificateAuthority\.secretArn: is needed .*\$\{secrets:<ARN>:certificate\}$/),
  ],
  [
    { source: { ...EAST, vpc: { vpcId: 'main', subnetIds: ['subnet-1'] } } },
    'source.vpc.vpcId: main is not the id of a VPC',
  ],
  [{ source: { ...EAST, vpc: { vpcId: 'vpc-1', subnetIds: [] } } }, 'source.vpc.subnetIds: is empty'],
  [
    { offsetSyncs: { cluster: 'source', topic: 'mm2-offset-syncs.*' } },
    'offsetSyncs.topic: mm2-offset-syncs.* is no name that Kafka takes for a topic',
  ],
  [{ polling: { batchSize: 10_001 } }, 'polling.batchSize: 10001 is not a whole number from 1 to 10000'],
  [
    { polling: { batchingWindowSeconds: 0.5 } },
    'polling.batchingWindowSeconds: 0.5 is not a whole number from 0 to 300',
  ],
  [{ polling: { minimumPollers: 5, maximumPollers: 2 } }, 'polling: minimumPollers 5 is above maximumPollers 2'],
  [
    { polling: { mode: 'on-demand', minimumPollers: 2 } },
    'polling: on-demand mode takes no minimumPollers or maximumPollers',
  ],
  [{ polling: { mode: 'on-demand', pollerGroup: 'flows' } }, 'polling: on-demand mode takes no pollerGroup'],
  [
    { polling: { pollerGroup: 'all flows' } },
    'polling.pollerGroup: all flows is not up to 128 letters, digits, dashes and underscores',
  ],
  [{ replicate: { timeoutSeconds: 900 } }, 'replicate.timeoutSeconds: 900 is not a whole number from 30 to 840'],
  [{ replicate: { timeoutSeconds: 12 } }, 'replicate.timeoutSeconds: 12 is not a whole number from 30 to 840'],
  [{ verify: { everyMinutes: 0 } }, 'verify.everyMinutes: 0 is not a whole number from 1 to 1440'],
  [{ verify: { everyMinutes: 1_441 } }, 'verify.everyMinutes: 1441 is not a whole number from 1 to 1440'],
  [{ lookEverySeconds: 1 }, 'lookEverySeconds: 1 is not a whole number from 5 to 60'],
  [{ logRetentionDays: 8 }, 'logRetentionDays: CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, ... days, not 8'],
  [
    { namePrefix: 'My Flow' },
    'namePrefix: My Flow is not up to 20 lower-case letters, digits and dashes, beginning with a letter',
  ],
  [
    { offsetMapKeyArn: 'arn:aws:kms:us-east-1:1:key/k' },
    'offsetMapKeyArn: the key has to be in the target region us-west-2',
  ],
])('a fault is named: %#', (changes, fault) => {
  expect(faultsOf(example(changes))).toEqual(expect.arrayContaining([fault]));
});

test('all faults are in one message, and nothing is built', () => {
  const stack = new Stack(newApp(), 'Causeway', { env: { region: 'eu-west-1' } });
  const props = example({ configuration: '', polling: { batchSize: 0 }, lookEverySeconds: 90 });

  expect(() => new ReplicationFlow(stack, 'EastToWest', props)).toThrow(
    'ReplicationFlow us-east->us-west: 4 faults\n' +
      "  - the stack is in eu-west-1; the flow's halves belong in us-east-1 and us-west-2\n" +
      '  - configuration: is empty\n' +
      '  - polling.batchSize: 0 is not a whole number from 1 to 10000\n' +
      '  - lookEverySeconds: 90 is not a whole number from 5 to 60',
  );
  expect(stack.node.findAll().filter((node) => node.node.defaultChild !== undefined)).toEqual([]);
});

test('a property that there is not does not do nothing in silence', () => {
  const { polling, ...rest } = example();
  const misspelt = { ...rest, poling: polling, tags: {} };

  expect(faultsOf(misspelt)).toEqual([
    'poling: there is no such property; did you mean polling?',
    'tags: there is no such property',
  ]);
});

test('one fault is one', () => {
  expect(() => build(example({ configuration: '' }), 'us-east-1')).toThrow(
    'ReplicationFlow us-east->us-west: one fault\n',
  );
});

test('a stack without a region is refused', () => {
  const stack = new Stack(newApp(), 'Causeway');
  expect(() => new ReplicationFlow(stack, 'EastToWest', example())).toThrow('the stack has no concrete region');
});

test('whatever sizes are within the bounds synthesize', () => {
  const polling = fc.record(
    {
      enabled: fc.boolean(),
      batchSize: fc.integer({ min: 1, max: 10_000 }),
      batchingWindowSeconds: fc.integer({ min: 0, max: 300 }),
      minimumPollers: fc.integer({ min: 1, max: 10 }),
      maximumPollers: fc.integer({ min: 10, max: 2_000 }),
      start: fc.constantFrom('TRIM_HORIZON' as const, 'LATEST' as const),
    },
    { requiredKeys: [] },
  );
  const replicate = fc.record({
    memoryMb: fc.integer({ min: 128, max: 10_240 }),
    timeoutSeconds: fc.integer({ min: 30, max: 840 }),
  });
  fc.assert(
    fc.property(polling, replicate, fc.constantFrom('us-east-1', 'us-west-2'), (polling, replicate, region) => {
      expect(faultsOf(example({ polling, replicate }), region)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
