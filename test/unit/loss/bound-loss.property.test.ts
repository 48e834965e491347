import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundLoss } from '../../../shared/loss/bound-loss.ts';
import { copiedTo, logOf, lost, type Pace, type Question, type Writer, watch } from './model.ts';

const INTERVAL_MS = 1_000;
const PATIENCE_MS = 500;
const MOST_LATE_MS = 100;
/** A broker looks after at most so long, and its answer is on its way for as long: together less than the patience. */
const ONE_WAY_MS = PATIENCE_MS / 2 - 1;
/** Each writer is at its fastest for so long, which is longer than two questions are apart, */
const FASTEST_MS = 3_500;
/** and begins with that so long before the end: what is longer ago is forgotten. */
const SEEN_FOR_MS = 14_000;

/** Mostly the extremes, where a bound is tight. */
const upTo = (ms: number) => fc.oneof(fc.constantFrom(0, ms), fc.nat(ms));

function writer(dies: number): fc.Arbitrary<Writer> {
  const fastestFrom = Math.max(1_000, dies - SEEN_FOR_MS);
  const later = fc.integer({ min: fastestFrom + FASTEST_MS, max: dies });
  const pace = fc.record({
    fastestMs: fc.oneof(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 2, max: 3_000 })),
    slower: fc.array(fc.tuple(later, fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 20 }))), { maxLength: 4 }),
    stops: fc.option(later),
  });
  const transaction = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 }));
  return fc.record({ pace, transaction, aborts: fc.nat(3) }).map(({ pace, transaction, aborts }) => {
    const { fastestMs, slower, stops } = pace;
    const paces: Pace[] = [
      { at: 0, everyMs: fastestMs * 2 },
      { at: fastestFrom, everyMs: fastestMs },
      ...slower.map(([at, times]): Pace => ({ at, everyMs: fastestMs * times })),
      ...(stops === null ? [] : [{ at: stops, everyMs: 0 }]),
    ];
    return { paces: paces.sort((a, b) => a.at - b.at), transaction, aborts };
  });
}

/** One each second until after the death. The first ones tell of everything: what was never told of is unknown. */
function questions(dies: number): fc.Arbitrary<readonly Question[]> {
  const untold = fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(fc.nat(3)) });
  const question = fc.record({ late: upTo(MOST_LATE_MS), look: upTo(ONE_WAY_MS), back: upTo(ONE_WAY_MS), untold });
  const count = Math.ceil(dies / INTERVAL_MS) + 2;
  return fc.tuple(fc.boolean(), fc.array(question, { minLength: count, maxLength: count })).map(([calm, all]) =>
    all.map(({ late, look, back, untold }, index): Question => {
      const askedAt = index * INTERVAL_MS;
      // Rates are overestimated where answers are slow: where none was until the last ones, nothing makes up for a bound too low.
      if (calm && askedAt < dies - 2 * INTERVAL_MS) return { askedAt, lookMs: 0, backMs: 0, untold: new Set() };
      const told = askedAt < dies - 6_000 ? [] : untold;
      return { askedAt: askedAt + (calm ? 0 : late), lookMs: look, backMs: back, untold: new Set(told) };
    }),
  );
}

const death = fc
  .tuple(fc.integer({ min: 8, max: 40 }), fc.oneof(fc.constantFrom(0, 2 * ONE_WAY_MS), fc.nat(999)))
  .map(([questions, ms]) => questions * INTERVAL_MS + ms);

const scene = death.chain((dies) =>
  fc.record({
    dies: fc.constant(dies),
    asked: questions(dies),
    partitions: fc.array(fc.record({ writer: writer(dies), behindMs: upTo(6_000) }), { minLength: 1, maxLength: 3 }),
    everyMs: fc.integer({ min: 1, max: 200 }),
    stallsMs: upTo(900),
  }),
);

describe('the bound of what a lost source had not passed on', () => {
  it('holds the truth, whatever the writers, the transactions, the delays and the time of death', () => {
    fc.assert(
      fc.property(scene, ({ dies, asked, partitions, stallsMs }) => {
        const logs = partitions.map((each) => logOf(each.writer, dies));
        const ends = watch(logs, asked, dies, PATIENCE_MS, stallsMs);
        const copied = partitions.map(({ behindMs }, index) => copiedTo(logs[index] ?? [], index, dies, behindMs));

        const bound = boundLoss({ ends, copied, now: dies + 30_000 });

        expect(bound.endedBy.known).toBe('silence');
        let total = 0;
        for (const told of bound.partitions) {
          const [log = [], head] = [logs[told.partition], copied[told.partition]];
          if (told.kind !== 'bounded' || !head) throw new Error(`partition ${told.partition} is not bounded`);
          const truth = lost(log, head);
          total += truth.length;
          expect(told.records.atLeast).toBeLessThanOrEqual(truth.length);
          expect(told.records.atMost).toBeGreaterThanOrEqual(truth.length);
          if (told.exact) expect(told.records.atLeast).toBe(truth.length);
          const [first] = truth;
          if (!first) continue;
          expect(told.age.atLeast).toBeLessThanOrEqual((dies - first.at) / 1_000);
          expect(told.age.atMost ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual((dies - first.at) / 1_000);
        }
        expect(bound.records.atLeast).toBeLessThanOrEqual(total);
        expect(bound.records.atMost).toBeGreaterThanOrEqual(total);
      }),
      { numRuns: 500 },
    );
  });

  it('is no wider than the traffic between the last answer’s question and the end of the next, while writing is steady', () => {
    fc.assert(
      fc.property(scene, ({ dies, asked, partitions, everyMs }) => {
        const all = asked.map((each) => ({ ...each, untold: new Set<number>() }));
        const log = logOf({ paces: [{ at: 0, everyMs }], transaction: 0, aborts: 0 }, dies);
        const logs = partitions.map(() => log);
        const ends = watch(logs, all, dies, PATIENCE_MS);
        const copied = partitions.map(({ behindMs }, index) => copiedTo(log, index, dies, behindMs));

        const bound = boundLoss({ ends, copied, now: dies + 30_000 });

        // A rate counts by the shortest time that can have been between two samples, and one record more or less in
        // a second is a rate too.
        const shortestMs = INTERVAL_MS - MOST_LATE_MS - 2 * ONE_WAY_MS;
        const longestMs = INTERVAL_MS + MOST_LATE_MS + 2 * ONE_WAY_MS;
        const overestimated = ((longestMs / everyMs + 1) * 1_000 * 1.25) / Math.max(500, shortestMs) + 2;
        const blindS = (INTERVAL_MS + MOST_LATE_MS + PATIENCE_MS) / 1_000;
        for (const told of bound.partitions) {
          if (told.kind !== 'bounded') throw new Error(`partition ${told.partition} is not bounded`);
          expect(told.records.atMost - told.records.atLeast).toBeLessThanOrEqual(overestimated * blindS + 3);
        }
      }),
      { numRuns: 200 },
    );
  });
});
