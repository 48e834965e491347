import { describe, expect, test } from 'vitest';
import { FlowPartitions, type FlowPartitionsOptions } from '../../../../functions/replicate/flow-partitions.ts';
import type { TopicItem } from '../../../../shared/ledger/topic-registry.ts';

const item: TopicItem = {
  version: 1,
  topic: 'orders',
  remoteTopic: 'us-east.orders',
  generation: 1,
  sourceTopicId: 's1',
  targetTopicId: 't1',
  partitions: 2,
  state: 'active',
  consumerGroup: 'causeway.us-east.us-west.orders.g1',
  mappingUuid: 'm1',
  drainedAfter: undefined,
};

function notUsed(): never {
  throw new Error('not part of this test');
}

function environment(items: (TopicItem | undefined)[]) {
  const seen = { now: 0, reads: 0, opened: [] as string[] };
  const options: FlowPartitionsOptions = {
    flow: { source: 'us-east', target: 'us-west' },
    registry: { read: async () => items[Math.min(seen.reads++, items.length - 1)] },
    heads: { read: notUsed, write: notUsed },
    quarantine: { put: notUsed },
    clock: { now: () => seen.now, wait: notUsed },
    observer: { tookOver: notUsed, settled: notUsed, recorded: notUsed, retried: notUsed },
    settings: {},
    shared: false,
    leavesOut: undefined,
    facts: async () => ({ sparse: false, maxMessageBytes: 1_048_588 }),
    targetLog: ({ generation }, partition) => {
      seen.opened.push(`${partition}.g${generation}`);
      return {
        maxBatchBytes: 1_000_000,
        topicId: notUsed,
        append: notUsed,
        sizeOf: notUsed,
        scan: notUsed,
        bounds: notUsed,
        describeProducer: notUsed,
        initProducer: notUsed,
        requestMarker: notUsed,
      };
    },
    sourceLog: () => ({
      state: notUsed,
      endOfLeaderEpoch: notUsed,
      logStart: notUsed,
      logEnd: notUsed,
      holds: notUsed,
      hasRecords: notUsed,
    }),
  };
  return { seen, partitions: new FlowPartitions(options) };
}

describe('FlowPartitions', () => {
  test('opens each partition once and keeps it warm', async () => {
    const { seen, partitions } = environment([item]);

    const first = await partitions.open('orders', 0);
    const again = await partitions.open('orders', 0);
    await partitions.open('orders', 1);

    expect(again).toBe(first);
    expect(seen.opened).toEqual(['0.g1', '1.g1']);
    expect(seen.reads).toBe(1);
  });

  test('asks once for all partitions of a delivery', async () => {
    const { seen, partitions } = environment([item]);

    await Promise.all([partitions.open('orders', 0), partitions.open('orders', 1)]);

    expect(seen.reads).toBe(1);
    expect(await partitions.open('orders', 0)).toBe(await partitions.open('orders', 0));
    expect(seen.opened).toEqual(['0.g1', '1.g1']);
  });

  test('asks the registry again after a minute and keeps what it knows while the generation is the same', async () => {
    const { seen, partitions } = environment([item]);
    const first = await partitions.open('orders', 0);

    seen.now = 60_000;
    const later = await partitions.open('orders', 0);

    expect(seen.reads).toBe(2);
    expect(later).toBe(first);
  });

  test('begins afresh when the topic has a new generation', async () => {
    const { seen, partitions } = environment([item, { ...item, generation: 2, targetTopicId: 't2' }]);
    await partitions.open('orders', 0);

    seen.now = 60_000;
    await partitions.open('orders', 0);

    expect(seen.opened).toEqual(['0.g1', '0.g2']);
  });

  test.each([
    ['is not one of its topics', undefined],
    ['is draining', { ...item, state: 'draining' as const }],
    ['is retired', { ...item, state: 'retired' as const }],
  ])('refuses records of a topic that %s', async (message, found) => {
    const { partitions } = environment([found]);

    await expect(partitions.open('orders', 0)).rejects.toMatchObject({
      code: 'TOPIC_NOT_READY',
      message: expect.stringContaining(message),
    });
  });

  test('asks again at once after a refusal', async () => {
    const { partitions } = environment([undefined, item]);
    await expect(partitions.open('orders', 0)).rejects.toThrow();

    await expect(partitions.open('orders', 0)).resolves.toBeDefined();
  });
});
