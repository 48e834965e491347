// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references look like that
import { describe, expect, test } from 'vitest';
import type { Parsed } from '../../../shared/config/configuration.ts';
import { ConfigurationError } from '../../../shared/config/errors.ts';
import type { Flow } from '../../../shared/config/flow-schema.ts';
import { parseConfiguration, resolveConfiguration } from '../../../shared/config/parse-configuration.ts';
import { type Example, example } from './examples/example.ts';

const BASE = [
  'clusters = us-east, us-west',
  'us-east.bootstrap.servers = e1:9092',
  'us-west.bootstrap.servers = w1:9092',
  'us-east->us-west.enabled = true',
];

/** Two clusters, one flow, and more lines from line 5 on. */
function parse(...more: string[]): Parsed {
  return parseConfiguration([...BASE, ...more].join('\n'), { file: 'mm2.properties' });
}

function flow(...more: string[]): Flow {
  return flowOf(parse(...more), 'us-east', 'us-west');
}

function flowOf({ configuration }: Parsed, source: string, target: string): Flow {
  const found = configuration.flows.find((each) => each.source.alias === source && each.target.alias === target);
  if (found === undefined) throw new Error(`no flow ${source}->${target}`);
  return found;
}

function parsed(name: Example): Parsed {
  return parseConfiguration(example(name), { file: `${name}.properties` });
}

function faults(text: string): ConfigurationError {
  try {
    parseConfiguration(text, { file: 'mm2.properties' });
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('no fault was found');
}

function faultsOf(...more: string[]) {
  return faults([...BASE, ...more].join('\n')).faults;
}

/** Warnings of what has no effect, without those of what is still to be built. */
function unexpected({ warnings: said }: Parsed): readonly (readonly [number, string])[] {
  return said.filter(({ message }) => !message.startsWith('not used yet')).map(({ line, key }) => [line, key]);
}

function warnings(...more: string[]): readonly string[] {
  return parse(...more).warnings.map(({ line, key, message }) => `${line} ${key}: ${message}`);
}

describe('the defaults', () => {
  test("are MirrorMaker 2's, and Causeway's own where it can be quicker", () => {
    expect(flow()).toMatchObject({
      enabled: true,
      policy: { kind: 'default', separator: '.', internalSeparator: '.' },
      topics: { include: { patterns: ['.*'] }, exclude: { patterns: ['.*[\\-\\.]internal', '.*\\.replica', '__.*'] } },
      groups: { include: { patterns: ['.*'] }, exclude: { patterns: ['console-consumer-.*', 'connect-.*', '__.*'] } },
      replicationFactor: 2,
      refreshTopics: { enabled: true, intervalSeconds: 60 },
      syncTopicConfigs: { enabled: true, intervalSeconds: 600 },
      syncTopicAcls: { enabled: true, intervalSeconds: 600, deleteRevoked: true },
      emitCheckpoints: { enabled: true, intervalSeconds: 5, replicationFactor: 3 },
      syncGroupOffsets: { enabled: false, intervalSeconds: 5 },
      emitHeartbeats: { enabled: true, intervalSeconds: 1, replicationFactor: 3 },
      offsetSyncs: { enabled: true, location: 'source', replicationFactor: 3, lagMax: 100 },
      compression: 'lz4',
      startPosition: { at: 'earliest' },
      recordTooLarge: 'stop',
      producerIdExpirationMs: 86_400_000,
      latenessBoundMs: 60_000,
      delivery: { batchSize: 10_000, batchingWindowSeconds: 0, pollers: { minimum: 1, maximum: 200 } },
      function: { memoryMb: 1769, timeoutSeconds: 120 },
    });
  });

  test('a pair that is not enabled is there for its heartbeats, unless they are off', () => {
    expect(parse().configuration.flows.map(({ source, enabled }) => [source.alias, enabled])).toEqual([
      ['us-east', true],
      ['us-west', false],
    ]);
    expect(parse('emit.heartbeats.enabled = false').configuration.flows).toHaveLength(1);
    expect(parse('us-west->us-east.emit.heartbeats.enabled = false').configuration.flows).toHaveLength(1);
  });
});

describe('the examples', () => {
  test('active-active: each flow has its own values over those at top level', () => {
    const east = flowOf(parsed('active-active'), 'us-east', 'us-west');
    const west = flowOf(parsed('active-active'), 'us-west', 'us-east');

    expect(unexpected(parsed('active-active'))).toEqual([]);
    expect([east.replicationFactor, west.replicationFactor]).toEqual([-1, 3]);
    expect([east.compression, west.compression]).toEqual(['zstd', 'gzip']);
    expect([east.startPosition, west.startPosition]).toEqual([{ at: 'latest' }, { at: 'earliest' }]);
    expect([east.delivery.batchSize, west.delivery.batchSize]).toEqual([5000, 10_000]);
    expect(east.recordTooLarge).toBe('quarantine');
    expect(east.topics.include).toEqual({
      patterns: ['orders.*', 'payments', '(?i)audit-.*'],
      origin: { key: 'us-east->us-west.topics', line: 17 },
    });
    expect(east.source).toMatchObject({
      region: 'us-east-1',
      vpcId: 'vpc-0a1',
      subnets: ['subnet-0a1', 'subnet-0a2', 'subnet-0a3'],
    });
    expect(east.target.data.security).toEqual({
      protocol: 'SASL_SSL',
      tls: { verifyHost: true },
      sasl: {
        kind: 'password',
        mechanism: 'SCRAM-SHA-512',
        credentials: {
          kind: 'pair',
          username: 'mirror',
          password: { provider: 'secrets', path: 'kafka/us-west', key: 'password' },
        },
      },
    });
  });

  test('aggregation: three flows into the centre, what stands at top level without effect is named', () => {
    const { configuration } = parsed('aggregation');

    expect(configuration.flows.map(({ source, target, enabled }) => [source.alias, target.alias, enabled])).toEqual([
      ['factory-a', 'centre', true],
      ['factory-b', 'centre', true],
      ['factory-c', 'centre', true],
    ]);
    expect(configuration.flows.map(({ topics }) => topics.include.patterns)).toEqual([
      ['sensor-data', 'machine\\.[a-z]+'],
      ['sensor-data'],
      ['sensor-data', 'machine\\.[a-z]+'],
    ]);
    expect(configuration.flows.map(({ configProperties }) => configProperties.useDefaultsFrom)).toEqual([
      'target',
      'target',
      'source',
    ]);
    expect(configuration.flows[0]?.source.data.security).toMatchObject({ protocol: 'SASL_SSL', sasl: { kind: 'iam' } });
    expect(unexpected(parsed('aggregation'))).toEqual([
      [15, 'groups'],
      [21, 'factory-c->centre.topics.blacklist'],
      [23, 'use.defaults.from'],
    ]);
  });

  test('strimzi-like: identical names, and every property that is not used is named', () => {
    const { configuration } = parsed('strimzi-like');

    expect(configuration.flows).toHaveLength(1);
    expect(configuration.flows[0]).toMatchObject({
      policy: { kind: 'identity', source: 'cluster-a', separator: '.' },
      compression: 'zstd',
      syncTopicAcls: { enabled: false },
    });
    expect(configuration.flows[0]?.target.admin.security).toMatchObject({
      tls: { certificates: { provider: 'env', path: 'CLUSTER_B_CA' } },
    });
    expect(unexpected(parsed('strimzi-like')).map(([line]) => line)).toEqual([
      5, 6, 7, 15, 16, 17, 18, 22, 29, 30, 31, 32,
    ]);
  });
});

test('clusters may be named source and target', () => {
  const { configuration, warnings: said } = parseConfiguration(
    [
      'clusters = source, target',
      'source.bootstrap.servers = s:9092',
      'target.bootstrap.servers = t:9092',
      'source->target.enabled = true',
      'source.consumer.auto.offset.reset = latest',
      'target.producer.compression.type = zstd',
    ].join('\n'),
    { file: 'mm2.properties' },
  );

  expect(said).toEqual([]);
  expect(configuration.flows[0]).toMatchObject({ startPosition: { at: 'latest' }, compression: 'zstd' });
});

describe('what MirrorMaker 2 passes over in silence', () => {
  test.each([
    ['use.defaults.from = source', 'at top level; write <source>-><target>.use.defaults.from'],
    ['transforms.mask.type = x.y.Mask', 'at top level: only <source>-><target>.transforms.mask.type'],
    ['consumer.max.poll.records = 1', 'write <cluster>.consumer.max.poll.records or <source>-><target>'],
    ['producer.override.acks = all', 'write <cluster>.producer.override.acks or'],
    ['compression.type = zstd', 'write <cluster>.producer.compression.type'],
    ['us-west.compression.type = zstd', 'write us-west.consumer.compression.type, us-west.producer.compression.type'],
    ['us-east->us-west.producer.compression.type = zstd', 'us-east->us-west.producer.override.compression.type'],
    ['us-east->us-west.offset.flush.interval.ms = 1', 'MirrorMaker 2 reads us-west.offset.flush.interval.ms'],
    ['offset.flush.interval.ms = 1', 'MirrorMaker 2 reads <target>.offset.flush.interval.ms'],
    ['us-east.topics = a', 'it belongs to a flow: us-east->...topics'],
    ['eu.bootstrap.servers = x:1', 'eu is not one of clusters'],
    ['eu->us-west.enabled = true', 'eu is not one of clusters'],
    ['us-east->us-east.enabled = true', 'two different clusters'],
    ['acme.owner = team-x', 'known neither to MirrorMaker 2 nor to Causeway'],
    ['tasks.max = 4', 'not used: Lambda scales'],
    ['admin.timeout.ms = 5', 'not used yet'],
    ['us-east->us-west.topics =', 'an empty list takes nothing at all'],
    ['emit.checkpoints.enabled = false\nsync.group.offsets.enabled = true', 'commits no group offsets either'],
  ])('%s is warned about', (line, message) => {
    expect(warnings(line)).toContainEqual(expect.stringContaining(message));
  });

  test('a key that stands twice is warned about, and the last one counts', () => {
    expect(warnings('replication.factor = 1', 'replication.factor = 3')).toEqual([
      '5 replication.factor: not used: the same key stands in line 6 again, and the last one counts',
    ]);
    expect(flow('replication.factor = 1', 'replication.factor = 3').replicationFactor).toBe(3);
  });
});

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
    ['replication.factor = 0', 'replication.factor', '-1 for the default of the brokers'],
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
    ['causeway.colour = blue', 'causeway.colour', 'a key of docs/configuration.md'],
    ['us-east.causeway.region = mars', 'us-east.causeway.region', 'an AWS region'],
    ['us-east.causeway.subnets = subnet-1, net-2', 'us-east.causeway.subnets', 'ids of subnets'],
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

describe('values', () => {
  test.each([
    [
      'causeway.start.position = 2026-01-31T12:00:00Z',
      { startPosition: { at: 'time', timestampMs: 1_769_860_800_000 } },
    ],
    ['causeway.pollers.mode = on-demand', { delivery: { batchSize: 10_000, batchingWindowSeconds: 0 } }],
    ['us-west.producer.compression.type = snappy', { compression: 'snappy' }],
    ['us-west.producer.compression.type = none\ncauseway.compression.type = zstd', { compression: 'zstd' }],
    [
      'topics.blacklist = tmp',
      { topics: { exclude: { patterns: ['tmp'], origin: { key: 'topics.blacklist', line: 5 } } } },
    ],
    ['us-east->us-west.use.defaults.from = source', { configProperties: { useDefaultsFrom: 'source' } }],
    ['replication.policy.separator = _', { policy: { separator: '_', internalSeparator: '_' } }],
    [
      'replication.policy.separator = _\nreplication.policy.internal.topic.separator.enabled = false',
      { policy: { separator: '_', internalSeparator: '.' } },
    ],
    [
      'causeway.replication.policy.pattern = replica-{source}-{topic}',
      { policy: { kind: 'pattern', pattern: 'replica-{source}-{topic}', aliases: ['us-east', 'us-west'] } },
    ],
    ['emit.heartbeats.enabled = FALSE', { emitHeartbeats: { enabled: false } }],
  ])('%s', (lines, expected) => {
    expect(flow(...lines.split('\n'))).toMatchObject(expected);
  });

  test('references that are needed at once are looked up, secrets are not', async () => {
    const asked: string[] = [];
    const text = [
      'clusters = a, b',
      'config.providers = env',
      'a.bootstrap.servers = ${env:A_BROKERS}',
      'b.bootstrap.servers = ${env:B_HOST}:9092',
      'security.protocol = SASL_SSL',
      'sasl.mechanism = PLAIN',
      'sasl.jaas.config = ${env:JAAS}',
      'a->b.enabled = true',
    ].join('\n');

    const { configuration } = await resolveConfiguration(text, {
      file: 'mm2.properties',
      resolve: async ({ path }) => {
        asked.push(path);
        return path === 'A_BROKERS' ? 'a1:9092, a2:9092' : 'b1';
      },
    });

    expect(configuration.flows[0]?.source.data.bootstrapServers).toEqual(['a1:9092', 'a2:9092']);
    expect(configuration.flows[0]?.target.data.bootstrapServers).toEqual(['b1:9092']);
    expect(configuration.flows[0]?.source.data.security).toMatchObject({
      sasl: { credentials: { kind: 'jaas', jaas: { provider: 'env', path: 'JAAS' } } },
    });
    expect(asked).toEqual(['A_BROKERS', 'B_HOST']);
  });
});
