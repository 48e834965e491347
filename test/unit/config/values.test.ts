import { describe, expect, test } from 'vitest';
import { flow } from './two-clusters.ts';

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
});
