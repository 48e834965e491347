import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../../shared/append/attempt.ts';
import { RecordTooLarge } from '../../../shared/append/errors.ts';
import { sourceOffset } from '../../../shared/flow/offset.ts';
import { MalformedEventError } from '../../../shared/records/errors.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { type OpenPartition, replicateEvent } from '../../../shared/replicate/replicate-event.ts';

const invocation = { id: 'i-1', deadline: 10_000 };

function records(topic: string, partition: number, offsets: readonly number[]): KafkaRecord[] {
  return offsets.map((offset) => ({ topic, partition, offset, timestamp: 1_000 + offset }));
}

function event(...partitions: [topic: string, partition: number, offsets: readonly number[]][]) {
  return {
    clusterArn: undefined,
    refused: [],
    partitions: partitions.map(([topic, partition, offsets]) => ({
      topic,
      partition,
      records: records(topic, partition, offsets),
    })),
  };
}

function taking(deliveries: Delivery<KafkaRecord>[]): OpenPartition {
  return {
    append: async (delivery) => {
      deliveries.push(delivery);
      return { kind: 'done' };
    },
    leavesOut: undefined,
  };
}

function stoppingAt(offset: number): OpenPartition {
  const partition = { flow: { source: 'a', target: 'b' }, topic: 't', remoteTopic: 'a.t', partition: 1, generation: 1 };
  const error = new RecordTooLarge(partition, offset, 2_000_000, 1_048_588);
  return {
    append: async () => ({ kind: 'stopped', from: sourceOffset(offset), error }),
    leavesOut: undefined,
  };
}

describe('replicateEvent', () => {
  test('hands each partition its own records and answers that none failed', async () => {
    const deliveries: Delivery<KafkaRecord>[] = [];

    const { response } = await replicateEvent(event(['t', 0, [5, 6]], ['t', 1, [9]]), invocation, async () =>
      taking(deliveries),
    );

    expect(response).toEqual({ batchItemFailures: [] });
    expect(deliveries.map((d) => d.records.map((r) => [r.partition, r.offset]))).toEqual([
      [
        [0, 5],
        [0, 6],
      ],
      [[1, 9]],
    ]);
  });

  test('reports the first record that is not safe and every later one of that partition, and lets the others go on', async () => {
    const deliveries: Delivery<KafkaRecord>[] = [];

    const { response, outcomes } = await replicateEvent(
      event(['t', 0, [1, 2]], ['t', 1, [7, 8, 12]]),
      invocation,
      async (_topic, partition) => (partition === 1 ? stoppingAt(8) : taking(deliveries)),
    );

    expect(response.batchItemFailures.map((f) => f.itemIdentifier)).toEqual([
      { partition: 't-1', offset: 8 },
      { partition: 't-1', offset: 12 },
    ]);
    expect(deliveries).toHaveLength(1);
    expect(outcomes[1]?.stopped?.error).toMatchObject({ code: 'RECORD_TOO_LARGE' });
  });

  test('keeps records that the filter leaves out from the target, and still says where the delivery began', async () => {
    const deliveries: Delivery<KafkaRecord>[] = [];
    const target = { ...taking(deliveries), leavesOut: (record: KafkaRecord) => record.offset % 2 === 0 };

    const { outcomes } = await replicateEvent(event(['t', 0, [4, 5, 6, 7]]), invocation, async () => target);

    expect(deliveries[0]?.records.map((r) => r.offset)).toEqual([5, 7]);
    expect(deliveries[0]?.firstOffset).toBe(4);
    expect(outcomes[0]?.leftOut).toBe(2);
  });

  test('tells the size, the timestamps and the time of what landed, of what was left out only that', async () => {
    const delivered = records('t', 0, [4, 5, 6]).map((each, i) => ({
      ...each,
      ...{ key: 'a2V5', value: i === 1 ? null : 'dmFsdWU=', timestamp: 1_000 + i },
    }));
    const parsed = { ...event(), partitions: [{ topic: 't', partition: 0, records: delivered }] };
    const target = { ...taking([]), leavesOut: ({ offset }: KafkaRecord) => offset === 6 };

    const { outcomes } = await replicateEvent(
      parsed,
      invocation,
      async () => target,
      () => 5_000,
    );

    expect(outcomes).toMatchObject([{ bytes: 3 + 5 + 3, timestamps: [1_000, 1_001, 1_002], landedAt: 5_000 }]);
  });

  test('tells nothing to have landed of a partition that stopped', async () => {
    const { outcomes } = await replicateEvent(event(['t', 0, [7, 8]]), invocation, async () => stoppingAt(8));

    expect(outcomes).toMatchObject([{ bytes: 0, landedAt: undefined }]);
  });

  test('reports all of a partition that cannot be opened', async () => {
    const { response } = await replicateEvent(event(['t', 3, [1, 2]]), invocation, async () => {
      throw new RecordTooLarge(
        { flow: { source: 'a', target: 'b' }, topic: 't', remoteTopic: 'a.t', partition: 3, generation: 1 },
        1,
        2,
        1,
      );
    });

    expect(response.batchItemFailures).toHaveLength(2);
  });

  test('reports all of a partition that meets a defect, and lets the others go on', async () => {
    const deliveries: Delivery<KafkaRecord>[] = [];

    const { response, outcomes } = await replicateEvent(
      event(['t', 0, [1, 2]], ['t', 1, [9]]),
      invocation,
      async (_topic, partition) => {
        if (partition === 0) throw new TypeError('a defect');
        return taking(deliveries);
      },
    );

    expect(response.batchItemFailures.map((f) => f.itemIdentifier)).toEqual([
      { partition: 't-0', offset: 1 },
      { partition: 't-0', offset: 2 },
    ]);
    expect(outcomes[0]?.stopped?.error.message).toBe('a defect');
    expect(deliveries).toHaveLength(1);
  });

  test('reports the offsets of a refused partition and what was wrong with it', async () => {
    const error = new MalformedEventError('partition t-1 has offset 4 after 5', 'offsets in ascending order');
    const refused = [{ error, records: { topic: 't', partition: 1, offsets: [4, 5] } }];

    const { response, outcomes, unanswerable } = await replicateEvent(
      { ...event(['t', 0, [1]]), refused },
      invocation,
      async () => taking([]),
    );

    expect(response.batchItemFailures.map((f) => f.itemIdentifier)).toEqual([
      { partition: 't-1', offset: 4 },
      { partition: 't-1', offset: 5 },
    ]);
    expect(outcomes[1]).toMatchObject({ topic: 't', partition: 1, delivered: 2, stopped: { from: 4, error } });
    expect(unanswerable).toBeUndefined();
  });

  test('appends the others before it says that a part of the event cannot be answered for', async () => {
    const error = new MalformedEventError('records["t-1"] is null', 'an array of records');
    const deliveries: Delivery<KafkaRecord>[] = [];

    const { unanswerable } = await replicateEvent(
      { ...event(['t', 0, [1]]), refused: [{ error, records: undefined }] },
      invocation,
      async () => taking(deliveries),
    );

    expect(unanswerable).toBe(error);
    expect(deliveries).toHaveLength(1);
  });
});
