import { describe, expect, test } from 'vitest';
import { readFetched } from '../../../../shared/client/kafkajs/fetched.ts';

const message = (offset: number, first: number, lastDelta: number, control = false) => ({
  offset: String(offset),
  key: Buffer.from(`k${offset}`),
  value: null,
  timestamp: '7',
  isControlRecord: control,
  batchContext: { firstOffset: String(first), lastOffsetDelta: lastDelta },
});
const answer = (highWatermark: number, messages: readonly object[]) => ({
  responses: [{ topicName: 't', partitions: [{ partition: 0, highWatermark: String(highWatermark), messages }] }],
});
const keys = (fetched: ReturnType<typeof readFetched>) => fetched?.records.map(({ key }) => String(key));

describe('a fetch', () => {
  test('goes on after the last offset that its batches were written with, though compaction took that record', () => {
    const fetched = readFetched(answer(100, [message(3, 3, 0), message(5, 4, 9)]), 3);

    expect({ keys: keys(fetched), next: fetched?.next, end: fetched?.highWatermark }).toEqual({
      keys: ['k3', 'k5'],
      next: 14,
      end: 100,
    });
  });

  test('leaves out what a batch has from before its position, and the markers of transactions', () => {
    const fetched = readFetched(answer(8, [message(4, 4, 2), message(6, 4, 2), message(7, 7, 0, true)]), 5);

    expect({ keys: keys(fetched), next: fetched?.next }).toEqual({ keys: ['k6'], next: 8 });
  });

  test('without messages stays where it is', () => {
    expect(readFetched(answer(8, []), 5)).toEqual({ highWatermark: 8, records: [], next: 5 });
  });

  test('that a quota holds back has no partition', () => {
    expect(readFetched({ responses: [] }, 5)).toBeUndefined();
  });

  test('reads messages in the format from before Kafka 0.11', () => {
    const old = { offset: '9', key: null, value: Buffer.from('v'), timestamp: '0' };

    expect(readFetched(answer(10, [old]), 9)).toMatchObject({ next: 10, records: [{ key: null }] });
  });

  test('of another form than kafkajs 2.2 makes is refused', () => {
    expect(() => readFetched({ topics: [] }, 0)).toThrow('responses');
  });
});
