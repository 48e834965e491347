import { describe, expect, it } from 'vitest';
import { cutLists, cutText } from '../../../../../shared/adapters/dynamodb/runbook/cut-lists.ts';

describe('cut lists', () => {
  it('are counted by where they are, all of the same place together', () => {
    const topics = [
      { topic: 'orders', partitions: [1, 2, 3, 4, 5] },
      { topic: 'payments', partitions: [6, 7, 8] },
      { topic: 'returns', partitions: [9] },
    ];

    expect(cutLists({ topics, at: null }, 2)).toEqual({
      topics: [
        { topic: 'orders', partitions: [1, 2] },
        { topic: 'payments', partitions: [6, 7] },
      ],
      at: null,
      leftOut: { topics: 1, 'topics[].partitions': 4 },
    });
  });

  it('are objects too, where evidence is by topic partition', () => {
    const behind = { 'orders-0': 3, 'orders-1': 4, 'orders-2': 5 };
    expect(cutLists({ behind }, 2)).toEqual({ behind: { 'orders-0': 3, 'orders-1': 4 }, leftOut: { behind: 1 } });
  });

  it('are left as they are, with no word of it, where they are short', () => {
    const evidence = { partitions: [0, 1], text: 'x'.repeat(1_000) };
    expect(cutLists(evidence, 2)).toEqual(evidence);
  });

  it('of very many places are counted together', () => {
    const topics = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`topic-${i}`, Array(160).fill(i)]));

    const { leftOut } = cutLists({ topics }, 150);

    expect(Object.keys(Object(leftOut)).length).toBe(101);
    expect(leftOut).toMatchObject({ 'topics.topic-0': 10, others: 500 });
  });
});

describe('cut texts', () => {
  it('say how much is missing', () => {
    expect(cutText('orders-0, orders-1', 8)).toBe('orders-0… (10 more characters)');
    expect(cutText('orders-0', 8)).toBe('orders-0');
  });
});
