import { describe, expect, test } from 'vitest';
import { FlowPartitions, type FlowPartitionsOptions } from '../../../../functions/replicate/flow-partitions.ts';
import { targetOffset } from '../../../../shared/flow/offset.ts';
import type { TopicItem } from '../../../../shared/ledger/topic-registry.ts';
import { headWith } from '../../offsets/head-with.ts';

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

const head = headWith();

const { signal } = new AbortController();

function notUsed(): never {
  throw new Error('not part of this test');
}

function environment(items: (TopicItem | undefined)[], changes: Partial<FlowPartitionsOptions> = {}) {
  const seen = { now: 0, reads: 0, opened: [] as string[], heads: [] as number[], signals: [] as AbortSignal[] };
  const options: FlowPartitionsOptions = {
    flow: { source: 'us-east', target: 'us-west' },
    registry: { read: async () => items[Math.min(seen.reads++, items.length - 1)] },
    heads: {
      read: async () => {
        seen.heads.push(seen.now);
        return head;
      },
      write: notUsed,
      runsFrom: notUsed,
    },
    quarantine: { put: notUsed },
    clock: { now: () => seen.now, wait: notUsed },
    observer: { tookOver: notUsed, settled: notUsed, dropped: notUsed, recorded: notUsed, retried: notUsed },
    settings: {},
    shared: false,
    leavesOut: undefined,
    facts: async (_item, ended) => {
      seen.signals.push(ended);
      return { sparse: false, maxMessageBytes: 1_048_588 };
    },
    targetLog: ({ generation }, partition, _facts, ended) => {
      seen.signals.push(ended);
      seen.opened.push(`${partition}.g${generation}`);
      return {
        maxBatchBytes: 1_000_000,
        topicId: async () => 't2',
        append: notUsed,
        sizeOf: notUsed,
        scan: notUsed,
        bounds: async () => ({ logStart: targetOffset(0), highWatermark: targetOffset(3) }),
        endOfLeaderEpoch: notUsed,
        describeProducer: notUsed,
        initProducer: notUsed,
        requestMarker: notUsed,
      };
    },
    sourceLog: () => ({
      state: async () => ({ topicId: 's1', leaderEpoch: 0 }),
      endOfLeaderEpoch: notUsed,
      logStart: notUsed,
      logEnd: notUsed,
      holds: notUsed,
      hasRecords: notUsed,
    }),
    ...changes,
  };
  return { seen, partitions: new FlowPartitions(options) };
}

describe('FlowPartitions', () => {
  test('asks once for all partitions of a delivery, and for the deliveries of a minute', async () => {
    const { seen, partitions } = environment([item]);

    await Promise.all([partitions.open('orders', 0, signal), partitions.open('orders', 1, signal)]);
    seen.now = 59_999;
    await partitions.open('orders', 0, signal);

    expect(seen.reads).toBe(1);
    expect(seen.opened).toEqual(['0.g1', '1.g1', '0.g1']);
  });

  test('keeps HEAD in memory from one invocation to the next, also when the topic was asked about in between', async () => {
    const { seen, partitions } = environment([item]);
    const delivery = { records: [], firstOffset: 0, deadline: Number.MAX_SAFE_INTEGER };
    for (const [now, invocation] of [
      [0, 'i1'],
      [59_000, 'i2'],
      [61_000, 'i3'],
    ] as const) {
      seen.now = now;
      const { append } = await partitions.open('orders', 0, signal);
      await append({ ...delivery, invocation });
    }

    expect(seen.reads).toBe(2);
    expect(seen.heads).toEqual([0, 59_000]);
  });

  test('has what is asked for an invocation ended by its signal', async () => {
    const { seen, partitions } = environment([item]);
    const [first, second] = [new AbortController(), new AbortController()];

    await partitions.open('orders', 0, first.signal);
    await partitions.open('orders', 0, second.signal);

    expect(seen.signals).toEqual([first.signal, first.signal, second.signal]);
  });

  test('says that the table did not answer, and asks again for the next invocation', async () => {
    let asked = 0;
    const read = async () => {
      if (asked++ === 0) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
      return item;
    };
    const { partitions } = environment([], { registry: { read } });

    await expect(partitions.open('orders', 0, signal)).rejects.toMatchObject({
      code: 'TOPIC_FACTS_UNAVAILABLE',
      message: expect.stringContaining('ThrottlingException: Rate exceeded'),
    });
    await expect(partitions.open('orders', 0, signal)).resolves.toBeDefined();
  });

  test('begins afresh when the topic has a new generation', async () => {
    const { seen, partitions } = environment([item, { ...item, generation: 2, targetTopicId: 't2' }]);
    await partitions.open('orders', 0, signal);

    seen.now = 60_000;
    await partitions.open('orders', 0, signal);

    expect(seen.opened).toEqual(['0.g1', '0.g2']);
  });

  test('stops where a remote topic made anew holds records that no offset map knows', async () => {
    const opened = environment([{ ...item, generation: 2, targetTopicId: 't2' }], {
      heads: { read: async () => undefined, write: notUsed, runsFrom: notUsed },
    });
    const { append } = await opened.partitions.open('orders', 0, signal);

    const result = await append({ records: [], firstOffset: 0, deadline: Number.MAX_SAFE_INTEGER, invocation: 'i1' });

    expect(result).toMatchObject({ kind: 'stopped', from: 0, error: { code: 'TARGET_NOT_EMPTY' } });
  });

  test.each([
    ['is not one of its topics', undefined],
    ['is draining', { ...item, state: 'draining' as const }],
    ['is retired', { ...item, state: 'retired' as const }],
  ])('refuses records of a topic that %s', async (message, found) => {
    const { partitions } = environment([found]);

    await expect(partitions.open('orders', 0, signal)).rejects.toMatchObject({
      code: 'TOPIC_NOT_READY',
      message: expect.stringContaining(message),
    });
  });

  test('asks again at once after a refusal', async () => {
    const { partitions } = environment([undefined, item]);
    await expect(partitions.open('orders', 0, signal)).rejects.toThrow();

    await expect(partitions.open('orders', 0, signal)).resolves.toBeDefined();
  });
});
