import { describe, expect, it } from 'vitest';
import { boundLoss } from '../../../shared/loss/bound-loss.ts';
import type { CopiedPartition } from '../../../shared/loss/partition-loss.ts';
import { copiedPartition } from '../../../shared/loss/partition-loss.ts';
import { headWith } from '../offsets/head-with.ts';
import { at, endsWith, partitionEnds } from './ends.ts';

const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAA';
const [TWO_BEFORE, ONE_BEFORE, LAST] = [
  { askedAt: 98_000, answeredAt: 98_040 },
  { askedAt: 99_000, answeredAt: 99_040 },
  { askedAt: 100_000, answeredAt: 100_040 },
];
const SILENCE = { since: 101_000, toldAt: 101_500, confirmedAt: 160_000 };
const NOW = 160_000;

function copied(partition: number, nextSource: number, changes: Partial<CopiedPartition> = {}): CopiedPartition {
  const where = { topic: 'orders', partition, sourceTopicId: TOPIC_ID, nextSource: at(nextSource) };
  return { ...where, sparse: false, lastTimestamp: -1, ...changes };
}

/** 1,000 records a second, evenly; the copy of `orders-0` is at 9,700. */
const STEADY = partitionEnds(
  'orders',
  0,
  [
    [0, 10_000],
    [1, 9_000],
    [2, 8_000],
  ],
  { peak: { current: 1_000, previous: 0 } },
);
const ends = endsWith({
  samples: [LAST, ONE_BEFORE, TWO_BEFORE],
  partitions: [STEADY],
  peak: { current: 1_000, previous: 0 },
  silence: SILENCE,
});

describe('the loss of a source that died', () => {
  it('is what the source was seen to have, and at most what it can have been written in the time that nobody saw', () => {
    const bound = boundLoss({ ends, copied: [copied(0, 9_700)], now: NOW });
    expect(bound).toEqual({
      partitions: [
        {
          kind: 'bounded',
          topic: 'orders',
          partition: 0,
          records: { atLeast: 300, atMost: 300 + 1_501 },
          from: 9_700,
          seenTo: 10_000,
          endAtMost: 11_501,
          age: { atLeast: 0, atMost: 2.5, by: 'samples' },
          exact: false,
          sampledAt: 100_000,
        },
      ],
      records: { atLeast: 300, atMost: 1_801 },
      ageSeconds: { atLeast: 0, atMost: 2.5 },
      exact: false,
      unknown: 0,
      wide: false,
      endedBy: { at: 101_500, known: 'silence' },
    });
  });

  it('is exact once writers had stopped before the source was asked', () => {
    const fenced = boundLoss({ ends, copied: [copied(0, 9_700)], writersStoppedAt: 99_990, now: NOW });
    expect(fenced).toMatchObject({ exact: true, records: { atLeast: 300, atMost: 300 } });
    const drained = boundLoss({ ends, copied: [copied(0, 10_000)], writersStoppedAt: 99_990, now: NOW });
    expect(drained).toMatchObject({
      exact: true,
      records: { atLeast: 0, atMost: 0 },
      ageSeconds: { atLeast: 0, atMost: 0 },
    });
  });

  it('counts until now while the source is not silent, and says so', () => {
    const bound = boundLoss({ ends: { ...ends, silence: undefined }, copied: [copied(0, 9_700)], now: 102_000 });
    expect(bound.endedBy).toEqual({ at: 102_000, known: 'now' });
    expect(bound.records).toEqual({ atLeast: 300, atMost: 300 + 2_001 });
  });

  it('counts until now, too, when a silence was not confirmed for a minute: the source may have come back', () => {
    const at = (now: number) => boundLoss({ ends, copied: [copied(0, 9_700)], now }).endedBy;
    expect(at(SILENCE.confirmedAt + 60_000)).toEqual({ at: 101_500, known: 'silence' });
    expect(at(SILENCE.confirmedAt + 60_001)).toEqual({ at: 220_001, known: 'now' });
  });

  it('is one record at most of a partition that nobody was seen to write to', () => {
    const idle = partitionEnds('orders', 0, [
      [0, 10],
      [1, 10],
    ]);
    const bound = boundLoss({ ends: { ...ends, partitions: [idle] }, copied: [copied(0, 10)], now: NOW });
    expect(bound.partitions[0]).toMatchObject({ records: { atLeast: 0, atMost: 1 }, exact: false });
  });

  it('is at most the less by what was copied since the source told', () => {
    const bound = boundLoss({ ends, copied: [copied(0, 10_400)], now: NOW });
    expect(bound.records).toEqual({ atLeast: 0, atMost: 1_101 });
  });

  it('is a quarter more at most where the last seconds were uneven', () => {
    const by = (...logEnds: readonly [number, number, number]) => {
      const [first, second, third] = logEnds;
      const uneven = partitionEnds(
        'orders',
        0,
        [
          [0, third],
          [1, second],
          [2, first],
        ],
        { peak: { current: 1_000, previous: 0 } },
      );
      const bound = boundLoss({ ends: { ...ends, partitions: [uneven] }, copied: [copied(0, third)], now: NOW });
      return bound.partitions[0];
    };
    // 1,000 and 900 records in 960 ms each: 52 a second more than their mean.
    expect(by(8_000, 8_900, 9_900)).toMatchObject({ records: { atMost: Math.ceil((1_000 + 50 / 0.96) * 1.5) + 1 } });
    expect(by(8_000, 8_000, 9_900)).toMatchObject({ records: { atMost: 1_250 * 1.5 + 1 } });
  });

  it('is not below 0 records at least where offsets may have none', () => {
    const sparse = boundLoss({ ends, copied: [copied(0, 9_700, { sparse: true })], now: NOW });
    expect(sparse.records).toEqual({ atLeast: 0, atMost: 1_801 });
    const open = partitionEnds(
      'orders',
      0,
      [
        [0, 10_000],
        [1, 9_000],
        [2, 8_000],
      ],
      { committedEnd: 9_800, peak: STEADY.peak },
    );
    const transactional = boundLoss({ ends: { ...ends, partitions: [open] }, copied: [copied(0, 9_700)], now: NOW });
    expect(transactional.partitions[0]).toMatchObject({ records: { atLeast: 0, atMost: 1_801 }, seenTo: 9_800 });
  });

  it('is old by the clock of the samples, or further back by the timestamp of the last copied record', () => {
    const lagging = boundLoss({ ends, copied: [copied(0, 8_500)], now: NOW });
    expect(lagging.partitions[0]).toMatchObject({ age: { atLeast: 0.96, atMost: 3.5, by: 'samples' } });
    const far = boundLoss({ ends, copied: [copied(0, 1_000, { lastTimestamp: 41_500 })], now: NOW });
    expect(far.partitions[0]).toMatchObject({ age: { atLeast: 1.96, atMost: 60, by: 'record-timestamps' } });
    const unknown = boundLoss({ ends, copied: [copied(0, 1_000)], now: NOW });
    expect(unknown.ageSeconds).toEqual({ atLeast: 1.96, atMost: undefined });
  });

  it('is wide where the source was not asked for long before it fell silent', () => {
    const late = { ...ends, silence: { since: 130_000, toldAt: 130_500, confirmedAt: 160_000 } };
    const bound = boundLoss({ ends: late, copied: [copied(0, 9_700)], now: NOW });
    expect(bound).toMatchObject({ wide: true, records: { atLeast: 300, atMost: 300 + 30_501 } });
  });

  it('of all partitions together is less than the sum of what each can have been written', () => {
    const second = partitionEnds(
      'orders',
      1,
      [
        [0, 500],
        [1, 500],
        [2, 500],
      ],
      { peak: { current: 0, previous: 1_000 } },
    );
    const two = endsWith({ ...ends, partitions: [STEADY, second], peak: { current: 1_000, previous: 1_000 } });
    const bound = boundLoss({ ends: two, copied: [copied(0, 9_700), copied(1, 500)], now: NOW });
    expect(bound.partitions.map((each) => each.kind === 'bounded' && each.records.atMost)).toEqual([1_801, 1_501]);
    expect(bound.records).toEqual({ atLeast: 300, atMost: 1_801 });

    const alone = { ...two, partitions: [STEADY, { ...second, seen: [{ sample: 1, logEnd: at(500) }] as const }] };
    const untold = boundLoss({ ends: alone, copied: [copied(0, 9_700), copied(1, 500)], now: NOW });
    expect(untold.records).toEqual({ atLeast: 300, atMost: 1_801 + 2_501 });
  });
});

describe('the loss is not known', () => {
  const reasonOf = (of: Parameters<typeof boundLoss>[0]) => {
    const bound = boundLoss(of);
    expect([bound.unknown, bound.exact]).toEqual([1, false]);
    return bound.partitions.map((each) => each.kind === 'unknown' && each.reason);
  };

  it('of a partition that the source never told of, or without any sample', () => {
    expect(reasonOf({ ends: undefined, copied: [copied(0, 5)], now: NOW })).toEqual(['no-sample']);
    expect(reasonOf({ ends: endsWith({}), copied: [copied(0, 5)], now: NOW })).toEqual(['no-sample']);
  });

  it('of a partition that has records and no map; without records it begins at 0', () => {
    expect(reasonOf({ ends, copied: [], now: NOW })).toEqual(['not-copied']);
    const empty = {
      ...ends,
      partitions: [partitionEnds('orders', 0, [[0, 0]], { peak: { current: 4, previous: 0 } })],
    };
    expect(boundLoss({ ends: empty, copied: [], now: NOW }).partitions).toMatchObject([
      { kind: 'bounded', from: 0, records: { atLeast: 0, atMost: 7 } },
    ]);
  });

  it('of a topic that was made anew', () => {
    expect(reasonOf({ ends, copied: [copied(0, 5, { sourceTopicId: 'B' })], now: NOW })).toEqual(['topic-made-anew']);
  });

  it('of a partition whose copy is further than the source can have been', () => {
    expect(reasonOf({ ends, copied: [copied(0, 11_502)], now: NOW })).toEqual(['copy-ahead']);
  });
});

it('a HEAD tells how far a partition was copied', () => {
  const head = headWith({ sourceTopicId: 'S', nextSource: at(7), sparse: true, lastTimestamp: 12 });
  expect(copiedPartition({ topic: 'orders', partition: 3 }, head)).toEqual({
    topic: 'orders',
    partition: 3,
    sourceTopicId: 'S',
    nextSource: 7,
    sparse: true,
    lastTimestamp: 12,
  });
});
