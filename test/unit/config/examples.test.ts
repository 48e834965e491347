import { describe, expect, test } from 'vitest';
import type { Parsed } from '../../../shared/config/configuration.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import { type Example, example } from './examples/example.ts';
import { findFlow } from './two-clusters.ts';

function parsed(name: Example): Parsed {
  return parseConfiguration(example(name), { file: `${name}.properties` });
}

/** Warnings of what has no effect, without those of what is still to be built. */
function unexpected({ warnings: said }: Parsed): readonly (readonly [number, string])[] {
  return said.filter(({ message }) => !message.startsWith('not used yet')).map(({ line, key }) => [line, key]);
}

describe('the examples', () => {
  test('active-active: each flow has its own values over those at top level', () => {
    const east = findFlow(parsed('active-active'), 'us-east', 'us-west');
    const west = findFlow(parsed('active-active'), 'us-west', 'us-east');

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
      [12, 'emit.heartbeats.enabled'],
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
      5, 6, 7, 15, 16, 17, 18, 22, 24, 29, 30, 31, 32, 34,
    ]);
  });
});
