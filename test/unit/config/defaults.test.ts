import { describe, expect, test } from 'vitest';
import { flow, parse } from './two-clusters.ts';

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
      offsetSyncs: { enabled: false, location: 'source', replicationFactor: 3, lagMax: 100 },
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
