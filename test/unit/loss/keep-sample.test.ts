import { describe, expect, it } from 'vitest';
import { keepSample, sourceAnswered, sourceSilent } from '../../../shared/loss/keep-sample.ts';
import { type EndsSample, NOTHING_SEEN, type SourceEnds } from '../../../shared/loss/source-ends.ts';
import { at } from './ends.ts';

const TOPICS = new Set(['orders', 'payments']);
const START = 1_700_000_000_000;

/** One answer: `orders-0` ends at 100, or at [90 committed, 100]; asked `second` s after the start, for `tookMs`. */
function sample(
  second: number,
  ends: Record<string, number | [number, number]>,
  tookMs = 0,
  topicId = 'A',
): EndsSample {
  const partitions = Object.entries(ends).map(([name, end]) => {
    const [topic = '', partition = ''] = name.split('-');
    const [committed, logEnd] = typeof end === 'number' ? [end, end] : end;
    return { topic, partition: Number(partition), topicId, committedEnd: at(committed), logEnd: at(logEnd) };
  });
  const askedAt = START + second * 1_000;
  return { askedAt, answeredAt: askedAt + tookMs, partitions };
}

const kept = (...samples: readonly EndsSample[]) =>
  samples.reduce<SourceEnds>((ends, each) => keepSample(ends, each, TOPICS), NOTHING_SEEN);

/** `orders-0: 100@0 90@1`: ends and the samples that they are from. */
const inWords = ({ partitions }: SourceEnds) =>
  partitions.map(
    (p) => `${p.topic}-${p.partition}: ${p.seen.map((each) => `${each.logEnd}@${each.sample}`).join(' ')}`,
  );
const secondsOf = ({ samples }: SourceEnds) => samples.map(({ askedAt }) => (askedAt - START) / 1_000);
const peaks = ({ partitions }: SourceEnds) => partitions.map(({ peak }) => peak);

describe('what is kept of the source’s ends', () => {
  it('are the last five samples, newest first, in the order of topics and partitions', () => {
    const ends = kept(
      ...[0, 1, 2, 3, 4, 5, 6].map((s) => sample(s, { 'payments-0': 7, 'orders-10': 0, 'orders-9': s * 10 })),
    );
    expect(secondsOf(ends)).toEqual([6, 5, 4, 3, 2]);
    expect(inWords(ends)).toEqual([
      'orders-9: 60@0 50@1 40@2 30@3 20@4',
      'orders-10: 0@0 0@1 0@2 0@3 0@4',
      'payments-0: 7@0 7@1 7@2 7@3 7@4',
    ]);
  });

  it('are of a partition that is not told of any more its last ends, with the time of those', () => {
    const ends = kept(
      sample(0, { 'orders-0': 5, 'orders-1': 50 }),
      sample(1, { 'orders-0': 6, 'orders-1': 60 }),
      ...[2, 3, 4, 5, 6, 7, 8].map((s) => sample(s, { 'orders-0': 6 + s })),
    );
    expect(secondsOf(ends)).toEqual([8, 7, 6, 5, 4, 1]);
    expect(inWords(ends)).toEqual(['orders-0: 14@0 13@1 12@2 11@3 10@4', 'orders-1: 60@5']);
  });

  it('tell how far records are committed apart, from the newest answer', () => {
    const ends = kept(sample(0, { 'orders-0': 4 }), sample(1, { 'orders-0': [6, 9] }));
    expect(ends.partitions).toMatchObject([{ committedEnd: 6, seen: [{ logEnd: 9 }, { logEnd: 4 }] }]);
  });

  it('begin anew where a log is shorter than it was, or the topic is another one', () => {
    const before = kept(
      sample(0, { 'orders-0': 900, 'payments-0': 1 }),
      sample(1, { 'orders-0': 1_000, 'payments-0': 2 }),
    );
    const cut = keepSample(before, sample(2, { 'orders-0': 950, 'payments-0': 3 }), TOPICS);
    expect(inWords(cut)).toEqual(['orders-0: 950@0', 'payments-0: 3@0 2@1 1@2']);
    expect(cut.partitions[0]?.peak).toEqual({ current: 0, previous: 0 });

    const anew = keepSample(before, sample(2, { 'orders-0': 2_000 }, 0, 'B'), TOPICS);
    expect(inWords(anew)).toEqual(['orders-0: 2000@0', 'payments-0: 2@1 1@2']);
    expect(anew.partitions[0]?.topicId).toBe('B');
  });

  it('leave out topics that the flow does not copy any more', () => {
    const before = kept(sample(0, { 'orders-0': 1, 'payments-0': 1 }));
    expect(inWords(keepSample(before, sample(1, { 'orders-0': 2 }), new Set(['orders'])))).toEqual([
      'orders-0: 2@0 1@1',
    ]);
  });

  it('tell the highest rate of the last 15 to 30 seconds, of each partition and of all, rounded up', () => {
    let ends = kept(sample(0, { 'orders-0': 0, 'orders-1': 0 }));
    const at = (second: number, first: number, second1: number) => {
      ends = keepSample(ends, sample(second, { 'orders-0': first, 'orders-1': second1 }), TOPICS);
    };
    at(1, 100, 0);
    at(2, 100, 300);
    at(4, 101, 301);
    expect(peaks(ends)).toEqual([
      { current: 100, previous: 0 },
      { current: 300, previous: 0 },
    ]);
    expect(ends.peak).toEqual({ current: 300, previous: 0 });

    at(16, 101, 301);
    expect([peaks(ends)[0], ends.peak]).toEqual([
      { current: 0, previous: 100 },
      { current: 0, previous: 300 },
    ]);
    at(30, 101, 301);
    expect([peaks(ends)[0], ends.peak]).toEqual([
      { current: 0, previous: 100 },
      { current: 0, previous: 300 },
    ]);
    at(31, 102, 301);
    expect([peaks(ends)[0], ends.peak]).toEqual([
      { current: 1, previous: 0 },
      { current: 1, previous: 0 },
    ]);
  });

  it('take the shortest time that can have been between two answers, and none that is nearly nothing', () => {
    const slow = kept(sample(0, { 'orders-0': 0 }, 400), sample(1, { 'orders-0': 60 }));
    expect(slow.partitions[0]?.peak.current).toBe(100);
    const close = keepSample(
      kept(sample(0, { 'orders-0': 0 }), sample(1, { 'orders-0': 10 }, 990)),
      sample(2, { 'orders-0': 20 }),
      TOPICS,
    );
    expect(close.partitions[0]?.peak.current).toBe(10);
  });

  it('remember the first question of a silence until there is an answer, with ends or without', () => {
    const ends = kept(sample(0, { 'orders-0': 5 }, 20));
    expect([ends.answeredAt, ends.silence]).toEqual([START + 20, undefined]);
    const first = sourceSilent(ends, { since: 10, toldAt: 11, confirmedAt: 11 });
    expect(sourceSilent(first, { since: 10, toldAt: 15, confirmedAt: 15 }).silence?.toldAt).toBe(15);
    const silent = sourceSilent(first, { since: 20, toldAt: 21, confirmedAt: 22 });
    expect([silent.silence, silent.answeredAt]).toEqual([{ since: 10, toldAt: 11, confirmedAt: 22 }, START + 20]);
    expect(sourceAnswered(silent, 30)).toMatchObject({ silence: undefined, answeredAt: 30 });
    expect(keepSample(silent, sample(9, { 'orders-0': 5 }), TOPICS)).toMatchObject({ silence: undefined });
  });
});
