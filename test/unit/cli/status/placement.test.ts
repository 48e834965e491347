import { describe, expect, test } from 'vitest';
import { partitionsAtRisk } from '../../../../shared/status/placement.ts';
import { statusOf } from './scene.ts';

/** Replicas of the partitions of `orders` by broker; those in `out` are not in step. */
function cluster(
  racks: Readonly<Record<number, string>>,
  partitions: readonly number[][],
  out: readonly number[] = [],
) {
  const brokers = new Map([1, 2, 3].map((id) => [id, { host: 'h', port: id }]));
  const described = partitions.map((replicas, partition) => ({
    ...{ partition, leader: replicas[0] ?? -1, leaderEpoch: 0, replicas },
    inSyncReplicas: replicas.filter((id) => !out.includes(id)),
  }));
  const orders = { name: 'orders', topicId: 'A', internal: false, partitions: new Map(described.entries()) };
  const byId = new Map(Object.entries(racks).map(([id, rack]) => [Number(id), rack]));
  return { brokers, racks: byId, topics: new Map([['orders', orders]]) };
}

const THREE = { 1: 'a', 2: 'b', 3: 'c' };

describe('partitions at risk', () => {
  test('are none where replicas are in step and spread over racks', () => {
    expect(partitionsAtRisk(cluster(THREE, [[1, 2, 3]]), ['orders'])).toEqual([]);
  });

  test('are those that miss a replica', () => {
    expect(
      partitionsAtRisk(
        cluster(
          THREE,
          [
            [1, 2],
            [2, 3],
          ],
          [1],
        ),
        ['orders'],
      ),
    ).toEqual([{ partition: 'orders-0', risk: 'under-replicated' }]);
  });

  test('are those that are in one rack of several', () => {
    const racks = { 1: 'a', 2: 'a', 3: 'b' };
    expect(
      partitionsAtRisk(
        cluster(racks, [
          [1, 2],
          [1, 3],
        ]),
        ['orders'],
      ),
    ).toEqual([{ partition: 'orders-0', risk: 'one-rack' }]);
  });

  test.each([
    ['that are meant to have one replica', { 1: 'a', 2: 'b', 3: 'b' }, [[1]]],
    ['where all brokers are in one rack', { 1: 'a', 2: 'a', 3: 'a' }, [[1, 2]]],
    ['where not all brokers tell their rack', { 1: 'a', 2: 'a' }, [[1, 2]]],
  ])('are not those %s', (_, racks, partitions) => {
    expect(partitionsAtRisk(cluster(racks, partitions), ['orders'])).toEqual([]);
  });

  test('are not those of topics that nobody asks about', () => {
    expect(partitionsAtRisk(cluster(THREE, [[1, 2]], [1]), ['payments'])).toEqual([]);
  });
});

test('status says of each cluster how many there are, and names one', async () => {
  const atRisk = [1, 2, 3].map(
    (partition) => ({ partition: `orders-${partition}`, risk: 'under-replicated' }) as const,
  );

  const status = await statusOf({
    atRisk: { source: atRisk, target: [{ partition: 'us-east.orders-0', risk: 'one-rack' }] },
  });

  expect(status.atRisk).toBe(4);
  expect(status.problems).toEqual([
    'on us-east, orders-1 and 2 more have too few replicas in step',
    'on us-west, us-east.orders-0 has all replicas in one rack',
  ]);
});
