import { describe, expect, test } from 'vitest';
import { statusAnswer } from '../../../../shared/cli/commands/status.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { placementOf } from '../../../../shared/status/placement.ts';
import { statusOf } from './scene.ts';

/** Replicas of the partitions of `orders` by broker; those in `out` are not in step. */
function cluster(
  racks: Readonly<Record<number, string>>,
  partitions: readonly number[][],
  out: readonly number[] = [],
) {
  const brokers = new Map([1, 2, 3, ...Object.keys(racks).map(Number)].map((id) => [id, { host: 'h', port: id }]));
  const described = partitions.map((replicas, partition) => ({
    ...{ partition, leader: replicas[0] ?? -1, leaderEpoch: 0, replicas },
    inSyncReplicas: replicas.filter((id) => !out.includes(id)),
  }));
  const orders = { name: 'orders', topicId: 'A', internal: false, partitions: new Map(described.entries()) };
  const byId = new Map(Object.entries(racks).map(([id, rack]) => [Number(id), rack]));
  return { brokers, racks: byId, topics: new Map([['orders', orders]]) };
}

function atRisk(...asked: Parameters<typeof placementOf>) {
  return placementOf(...asked).atRisk;
}

function remarks(...asked: Parameters<typeof cluster>) {
  return placementOf(cluster(...asked), ['orders']).remarks;
}

const THREE = { 1: 'a', 2: 'b', 3: 'c' };

describe('partitions at risk', () => {
  test('are none where replicas are in step and spread over racks', () => {
    expect(atRisk(cluster(THREE, [[1, 2, 3]]), ['orders'])).toEqual([]);
  });

  test('are those that miss a replica', () => {
    expect(
      atRisk(
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
      atRisk(
        cluster(racks, [
          [1, 2],
          [1, 3],
        ]),
        ['orders'],
      ),
    ).toEqual([{ partition: 'orders-0', risk: 'one-rack' }]);
  });

  test('are those that are in two racks of three: the loss of one takes most of their replicas', () => {
    const racks = { 1: 'a', 2: 'a', 3: 'b', 4: 'b', 5: 'c' };
    const partitions = [
      [1, 2, 3],
      [1, 3, 5],
      [2, 4],
    ];
    expect(atRisk(cluster(racks, partitions), ['orders'])).toEqual([{ partition: 'orders-0', risk: 'uneven' }]);
  });

  test('are those of which one rack has more replicas than it must', () => {
    const racks = { 1: 'a', 2: 'a', 3: 'a', 4: 'b', 5: 'b' };
    const partitions = [
      [1, 2, 3, 4],
      [1, 2, 4, 5],
      [1, 2, 4],
    ];
    expect(atRisk(cluster(racks, partitions), ['orders'])).toEqual([{ partition: 'orders-0', risk: 'uneven' }]);
  });

  test('are those in one rack, also where a broker that has none of them does not tell its own', () => {
    const racks = { 1: 'a', 2: 'a', 4: 'b' };
    const partitions = [
      [1, 2],
      [1, 3],
    ];
    expect(atRisk(cluster(racks, partitions), ['orders'])).toEqual([{ partition: 'orders-0', risk: 'one-rack' }]);
  });

  test.each([
    ['that are meant to have one replica', { 1: 'a', 2: 'b', 3: 'b' }, [[1]]],
    ['where all brokers are in one rack', { 1: 'a', 2: 'a', 3: 'a' }, [[1, 2]]],
    ['where not all brokers tell their rack', { 1: 'a', 2: 'a' }, [[1, 2]]],
  ])('are not those %s', (_, racks, partitions) => {
    expect(atRisk(cluster(racks, partitions), ['orders'])).toEqual([]);
  });

  test('are not those of topics that nobody asks about', () => {
    expect(atRisk(cluster(THREE, [[1, 2]], [1]), ['payments'])).toEqual([]);
  });
});

describe('a remark', () => {
  test('is made of two racks, where no placement keeps most of the replicas through the loss of either', () => {
    const two = { 1: 'a', 2: 'a', 3: 'b' };
    expect(
      remarks(two, [
        [1, 2, 3],
        [1, 3],
      ]).join(),
    ).toMatch(/^it has two racks: of a partition with an odd number/);
    expect(remarks(two, [[1, 3]])).toEqual([]);
    expect(remarks(THREE, [[1, 2, 3]])).toEqual([]);
  });

  test('is made of brokers that tell no rack while others do', () => {
    const missing = 'tells no rack (broker.rack): replicas there may share one with others';
    expect(remarks({ 1: 'a', 2: 'b' }, [[1, 2]])).toEqual([`broker 3 ${missing}`]);
    expect(remarks({}, [[1, 2]])).toEqual([]);
  });
});

test('what no placement mends is told, and is not wrong', async () => {
  const status = await statusOf({ remarks: { source: ['it has two racks: and so on'] } });

  expect(status).toMatchObject({ wrong: false, problems: [], remarks: ['us-east: it has two racks: and so on'] });
  expect(statusAnswer([status], false).text(UNSTYLED)).toContain(
    '  remark      us-east: it has two racks: and so on\n',
  );
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
