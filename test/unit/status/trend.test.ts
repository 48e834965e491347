import { describe, expect, test } from 'vitest';
import { FlowTrends } from '../../../shared/status/flow-trends.ts';
import { Trend } from '../../../shared/status/trend.ts';
import { statusOf } from '../cli/status/scene.ts';

const SECOND = 1_000;

function trendOf(...samples: readonly (readonly [second: number, records: number, copied?: number])[]): Trend {
  const trend = new Trend();
  for (const [second, records, copied] of samples) trend.take({ at: second * SECOND, records, copied });
  return trend;
}

describe('a trend', () => {
  test('tells nothing of one look', () => {
    expect(trendOf([0, 10]).rates()).toBeUndefined();
  });

  test('tells how fast is replicated, how fast it catches up, and when it will have', () => {
    expect(trendOf([0, 1_000, 0], [10, 800, 5_000]).rates()).toEqual({ copied: 500, growth: -20, secondsLeft: 40 });
  });

  test('that falls behind has no end', () => {
    expect(trendOf([0, 0, 0], [10, 300, 0]).rates()).toEqual({ copied: 0, growth: 30, secondsLeft: undefined });
  });

  test('that is level has none either', () => {
    expect(trendOf([0, 50], [10, 0]).rates()).toMatchObject({ growth: -5, secondsLeft: undefined });
  });

  test('is of the last minute, not of what was before', () => {
    expect(trendOf([0, 90_000], [100, 1_000], [130, 700], [160, 400]).rates()?.growth).toBe(-10);
  });

  test('is of the last two looks where they are further apart than a minute', () => {
    expect(trendOf([0, 9_000], [300, 1_000], [600, 700]).rates()?.growth).toBe(-1);
  });

  test('counts the same look once: who reads what monitor keeps reads it many times', () => {
    const trend = trendOf([0, 10], [60, 20], [60, 20], [60, 20]);

    expect(trend.records).toEqual([10, 20]);
    expect(trend.rates()?.growth).toBeCloseTo(10 / 60);
  });

  test.each([
    ['is counted from new', [0, 0, 500] as const, [10, 0, 20] as const],
    ['was not counted', [0, 0] as const, [10, 0, 20] as const],
  ])('does not know what was replicated where it %s', (_, before, after) => {
    expect(trendOf(before, after).rates()).toEqual({ copied: undefined, growth: 0, secondsLeft: undefined });
  });

  test('forgets what is long ago', () => {
    const trend = trendOf(...Array.from({ length: 500 }, (_, second) => [second, second] as const));

    expect(trend.records).toHaveLength(60);
    expect(trend.records.at(-1)).toBe(499);
  });
});

describe('trends of a flow', () => {
  const at = (copied: number) => ({
    topics: {
      orders: { partitions: [{ end: 100, copied }] },
      clicks: { partitions: [{ end: 40, copied: 40 }] },
    },
  });

  test('are those of all its topics together, and of each', async () => {
    const trends = new FlowTrends();
    trends.take({ ...(await statusOf(at(20))), readAt: 0 });
    trends.take({ ...(await statusOf(at(80))), readAt: 10 * SECOND });

    expect(trends.flow.rates()).toEqual({ copied: 6, growth: -6, secondsLeft: 20 / 6 });
    expect(trends.topic('orders')?.records).toEqual([80, 20]);
    expect(trends.topic('clicks')?.records).toEqual([0, 0]);
    expect(trends.topic('stock')).toBeUndefined();
  });

  test('leave out a reading that the lag was not known of', async () => {
    const trends = new FlowTrends();
    trends.take({ ...(await statusOf(at(20))), readAt: 0 });
    trends.take({ ...(await statusOf({ ...at(30), lost: ['source'] })), readAt: 5 * SECOND });

    expect(trends.flow.records).toEqual([80]);
  });
});
