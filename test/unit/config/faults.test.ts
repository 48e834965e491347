// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references look like that
import { describe, expect, test } from 'vitest';
import { faults, faultsOf, warnings } from './two-clusters.ts';

describe('faults', () => {
  test('are reported all at once, in file order, with line, key, value and what was expected', () => {
    const error = faults(
      [
        'clusters = us-east, us-west',
        'us-east.bootstrap.servers = e1',
        'us-east->us-west.enabled = yes',
        'us-east->us-west.topcis = orders',
        'emit.checkpoints.interval.seconds = soon',
        'us-est->us-west.enabled = true',
        'causeway.batch.size = 20000',
        'us-east->us-west.groups = a\\\\bb',
      ].join('\n'),
    );

    expect(error.code).toBe('CONFIGURATION_INVALID');
    expect(error.message.split('\n')).toEqual([
      'mm2.properties has 8 faults:',
      '  mm2.properties: us-west.bootstrap.servers: expected brokers to begin with, host:port, separated by commas',
      '  mm2.properties:2: us-east.bootstrap.servers = e1: expected brokers as host:port, which "e1" is not',
      '  mm2.properties:3: us-east->us-west.enabled = yes: expected true or false',
      '  mm2.properties:4: us-east->us-west.topcis = orders: expected a known key; did you mean us-east->us-west.topics?',
      '  mm2.properties:5: emit.checkpoints.interval.seconds = soon: expected a whole number from 1 to 31536000',
      '  mm2.properties:6: us-est->us-west.enabled = true: expected a known key; did you mean us-east->us-west.enabled?',
      '  mm2.properties:7: causeway.batch.size = 20000: expected a whole number from 1 to 10000',
      '  mm2.properties:8: us-east->us-west.groups = a\\bb: expected Java patterns that can be honoured: pattern a\\bb at character 2: word boundaries differ between Java versions; name the neighbouring characters',
    ]);
  });

  test.each([
    ['topics = a{1,3}', 'topics', 'a comma ends a list item'],
    [
      'replication.factor = 0',
      'replication.factor',
      'a whole number, 1 to 32767, or -1 for the default of the brokers',
    ],
    ['replication.factor = -2', 'replication.factor', 'a whole number, 1 to 32767, or -1 for the default'],
    ['transforms = mask', 'transforms', 'records are copied as they are'],
    ['topic.filter.class = com.acme.Filter', 'topic.filter.class', 'topics and topics.exclude'],
    ['replication.policy.class = com.acme.Names', 'replication.policy.class', 'causeway.replication.policy.pattern'],
    ['replication.policy.separator = /', 'replication.policy.separator', 'letters, digits'],
    ['replication.policy.separator =', 'replication.policy.separator', 'copies cannot be told apart'],
    ['causeway.replication.policy.pattern = copy-{topic}', 'causeway.replication.policy.pattern', 'each once'],
    ['causeway.start.position = yesterday', 'causeway.start.position', '2026-01-31T12:00:00Z'],
    ['causeway.record.too.large = drop', 'causeway.record.too.large', 'stop or quarantine'],
    ['causeway.function.timeout.seconds = 900', 'causeway.function.timeout.seconds', 'from 10 to 840'],
    ['causeway.pollers.minimum = 10\ncauseway.pollers.maximum = 2', 'causeway.pollers.minimum', 'at most the maximum'],
    [
      'causeway.pollers.minimum = 30\ncauseway.pollers.group = flows',
      'causeway.pollers.minimum',
      'at most the maximum, 20 in a group: causeway.pollers.maximum says another',
    ],
    ['causeway.pollers.group = all flows', 'causeway.pollers.group', 'up to 128 letters'],
    ['causeway.colour = blue', 'causeway.colour', 'a key of docs/configuration.md'],
    ['us-east.causeway.region = mars', 'us-east.causeway.region', 'an AWS region'],
    ['us-east.causeway.subnets = subnet-1, net-2', 'us-east.causeway.subnets', 'ids of subnets'],
    [
      'us-east.causeway.broker.security.group = brokers',
      'us-east.causeway.broker.security.group',
      'the id of a security group',
    ],
    ['us-east.causeway.secret.key.arns = alias/kafka', 'us-east.causeway.secret.key.arns', 'arn:aws:kms:...:key/...'],
    ['security.protocol = TLS', 'security.protocol', 'PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL'],
    ['security.protocol = SASL_SSL', 'security.protocol', 'GSSAPI, is not supported'],
    ['us-west.producer.compression.type = brotli', 'us-west.producer.compression.type', 'lz4 or zstd'],
    ['us-east.causeway.auth = iam\nus-east.security.protocol = SSL', 'us-east.causeway.auth', 'leave out one'],
    ['a=\\u12', '\\u12', 'four hexadecimal digits'],
    ['us-east.bootstrap.servers = ${env:BROKERS}\nconfig.providers = env', 'us-east.bootstrap.servers', 'to be found'],
  ])('%s', (line, key, expected) => {
    const found = faultsOf(...line.split('\n'));

    expect(found).toContainEqual(expect.objectContaining({ key, expected: expect.stringContaining(expected) }));
  });

  test.each([
    ['clusters = a', 'two clusters or more'],
    ['clusters = a, b.c', 'which "b.c" is not'],
    ['clusters = a, a', 'each alias once'],
    ['topics = a', 'the aliases of the clusters'],
  ])('%s', (line, expected) => {
    expect(faults(line).faults).toContainEqual(
      expect.objectContaining({ expected: expect.stringContaining(expected) }),
    );
  });

  test('a separator within an alias is refused where flows go both ways, warned about where they do not', () => {
    const dash = 'replication.policy.separator = -';

    expect(faultsOf(dash, 'us-west->us-east.enabled = true')).toContainEqual(
      expect.objectContaining({ line: 5, expected: expect.stringContaining('would copy in a loop') }),
    );
    expect(warnings(dash)).toContainEqual(expect.stringContaining('us-east-orders and taken for one from us'));
  });

  test('flows both ways under different policies are warned about', () => {
    const back = [
      'us-west->us-east.enabled = true',
      'us-west->us-east.replication.policy.class = IdentityReplicationPolicy',
    ];

    expect(warnings(...back)).toContainEqual(expect.stringContaining('name topics by different policies'));
  });
});
