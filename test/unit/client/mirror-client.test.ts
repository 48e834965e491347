import { describe, expect, test } from 'vitest';
import { MirrorClient } from '../../../shared/client/mirror-client.ts';
import { defaultPolicy } from '../../../shared/policy/default-policy.ts';
import { identityPolicy } from '../../../shared/policy/identity-policy.ts';
import { checkpoint, NamedTopics } from './topics.ts';

const DEFAULT = defaultPolicy('.', '.');

function client(topics: readonly string[], policy = DEFAULT): MirrorClient {
  return new MirrorClient(new NamedTopics(topics), policy);
}

describe('heartbeats topics', () => {
  test('are the own one and the copies of others', async () => {
    const asked = client(['heartbeats', 'A.heartbeats', 'B.A.heartbeats', 'my-heartbeats', 'heartbeats.A', 'orders']);

    expect(await asked.heartbeatTopics()).toEqual(new Set(['heartbeats', 'A.heartbeats', 'B.A.heartbeats']));
  });

  test('have names with the separator that was configured', async () => {
    const asked = client(['A.heartbeats', 'A__heartbeats', 'B__A__heartbeats'], defaultPolicy('__', '__'));

    expect(await asked.heartbeatTopics()).toEqual(new Set(['A__heartbeats', 'B__A__heartbeats']));
  });
});

describe('checkpoints topics', () => {
  test('are all that end like one', async () => {
    const asked = client(['A.checkpoints.internal', 'checkpoints.internal', 'B.A.checkpoints.internal', 'A.internal']);

    expect(await asked.checkpointTopics()).toEqual(new Set(['A.checkpoints.internal', 'B.A.checkpoints.internal']));
  });

  test('keep their dots where internal topics keep the separator of old', async () => {
    const names = ['A.checkpoints.internal', 'A_checkpoints_internal'];

    expect(await client(names, defaultPolicy('_', '.')).checkpointTopics()).toEqual(new Set([names[0]]));
    expect(await client(names, defaultPolicy('_', '_')).checkpointTopics()).toEqual(new Set([names[1]]));
  });
});

describe('upstream clusters', () => {
  test('are all that heartbeats have come through', async () => {
    const asked = client(['heartbeats', 'A.heartbeats', 'B.C.heartbeats', 'D.orders']);

    expect(await asked.upstreamClusters()).toEqual(new Set(['A', 'B', 'C']));
  });

  test('end with a cluster that is met again', async () => {
    expect(await client(['A.B.A.C.heartbeats']).upstreamClusters()).toEqual(new Set(['A', 'B']));
  });

  test('are found with the identity policy, as heartbeats keep their prefix', async () => {
    const asked = client(['heartbeats', 'A.heartbeats', 'orders'], identityPolicy('X', '.', '.'));

    expect(await asked.upstreamClusters()).toEqual(new Set(['A']));
  });
});

describe('replication hops', () => {
  const asked = client([
    'heartbeats',
    'A.heartbeats',
    'B.C.heartbeats',
    'B.D.C.heartbeats',
    'E.orders',
    'F.F.G.heartbeats',
  ]);

  test.each([
    ['A', 1],
    ['B', 1],
    ['C', 2],
    ['D', 2],
    ['E', -1],
    ['F', 1],
    ['G', -1],
    ['heartbeats', -1],
  ])('from %s are %i, by the shortest way', async (alias, hops) => {
    expect(await asked.replicationHops(alias)).toBe(hops);
  });

  test('are none from the own heartbeats', async () => {
    expect(await client(['heartbeats']).replicationHops('A')).toBe(-1);
    expect(await client([]).replicationHops('A')).toBe(-1);
  });
});

describe('remote topics', () => {
  const NAMES = ['orders', 'A.orders', 'B.A.orders', 'A.checkpoints.internal', '__A.orders', 'mm2-offsets.A.internal'];

  test('are those whose name has a source', async () => {
    expect(await client(NAMES).remoteTopics()).toEqual(new Set(['A.orders', 'B.A.orders']));
  });

  test('of one cluster are those that came straight from it', async () => {
    expect(await client(NAMES).remoteTopics('A')).toEqual(new Set(['A.orders']));
    expect(await client(NAMES).remoteTopics('orders')).toEqual(new Set());
    expect(await client(NAMES).remoteTopics('')).toEqual(new Set());
  });

  test('are none with the identity policy that knows no source', async () => {
    const asked = client(['orders', 'A.orders', 'heartbeats'], identityPolicy(undefined, '.', '.'));

    expect(await asked.remoteTopics()).toEqual(new Set());
  });

  test('are all but the own heartbeats with the identity policy that knows its source', async () => {
    const asked = client(['orders', 'A.orders', 'heartbeats', 'B.heartbeats', '__x'], identityPolicy('A', '.', '.'));

    expect(await asked.remoteTopics()).toEqual(new Set(['orders', 'A.orders', 'B.heartbeats']));
    expect(await asked.remoteTopics('A')).toEqual(new Set(['orders', 'A.orders']));
    expect(await asked.remoteTopics('B')).toEqual(new Set(['B.heartbeats']));
  });
});

describe('remote consumer offsets', () => {
  test('are the last checkpoints of the group, one a partition, with their metadata', async () => {
    const records = [
      checkpoint('billing', 0, 10),
      checkpoint('billing', 1, 20, 'm'),
      checkpoint('audit', 0, 99),
      checkpoint('billing', 0, 11),
      { key: Buffer.from('x'), value: Buffer.from('y'), timestamp: 0 },
    ];
    const cluster = new NamedTopics([], { records, complete: true });

    const answer = await new MirrorClient(cluster, DEFAULT).remoteConsumerOffsets('billing', 'us-east', 5000);

    expect(answer).toEqual({
      offsets: [
        { topic: 'us-east.orders', partition: 0, offset: 11, metadata: '' },
        { topic: 'us-east.orders', partition: 1, offset: 20, metadata: 'm' },
      ],
      complete: true,
      skipped: 1,
    });
    expect(cluster.asked).toEqual([['us-east.checkpoints.internal', 5000]]);
  });

  test('are read from the topic that the policy names', async () => {
    const cluster = new NamedTopics([]);

    await new MirrorClient(cluster, defaultPolicy('_', '_')).remoteConsumerOffsets('billing', 'us-east', 1);

    expect(cluster.asked).toEqual([['us-east_checkpoints_internal', 1]]);
  });

  test('are what could be read when the time-out came first, and say so', async () => {
    const cluster = new NamedTopics([], { records: [checkpoint('billing', 0, 10)], complete: false });

    const { offsets, complete } = await new MirrorClient(cluster, DEFAULT).remoteConsumerOffsets(
      'billing',
      'us-east',
      1,
    );

    expect({ offsets: offsets.map(({ offset }) => offset), complete }).toEqual({ offsets: [10], complete: false });
  });

  test('are none for a group without checkpoints', async () => {
    const cluster = new NamedTopics([], { records: [checkpoint('audit', 0, 10)], complete: true });

    const answer = await new MirrorClient(cluster, DEFAULT).remoteConsumerOffsets('billing', 'us-east', 1);

    expect(answer).toEqual({ offsets: [], complete: true, skipped: 0 });
  });
});

test('the policy and the end are handed through', async () => {
  const cluster = new NamedTopics([]);
  const asked = new MirrorClient(cluster, DEFAULT);

  expect(asked.replicationPolicy()).toBe(DEFAULT);
  await asked.close();
  expect(cluster.closed).toBe(1);
});
