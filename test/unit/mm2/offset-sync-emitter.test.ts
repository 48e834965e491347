import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { OffsetSyncEmitter } from '../../../shared/mm2/offset-sync-emitter.ts';
import type { Run } from '../../../shared/offsets/head.ts';

const OF = { topic: 'orders', partition: 3 };

function run(source: number, target: number, length = 1): Run {
  return { source: sourceOffset(source), target: targetOffset(target), length };
}

/** Upstream offsets of the syncs to write; each is answered at once unless `answer` is false. */
function offsets(emitter: OffsetSyncEmitter, syncs: ReturnType<OffsetSyncEmitter['committed']>, answer = true) {
  if (answer) for (const _ of syncs) emitter.answered();
  return syncs.map(({ upstreamOffset }) => upstreamOffset);
}

const ACKNOWLEDGED: readonly (readonly [source: number, target: number, chosen: boolean, reason: string])[] = [
  [0, 100, true, 'it is the first'],
  [2, 102, true, 'upstream there is a gap'],
  [3, 152, false, 'a group would go on 49 records back'],
  [4, 153, true, 'a group would go on 50 records back'],
  [5, 154, false, 'it is the next'],
  [6, 203, false, 'a group would go on 49 records back'],
  [7, 204, true, 'a group would go on 50 records back'],
  [2, 206, true, 'upstream it went back'],
  [3, 207, false, 'it is the next'],
  [4, 3, true, 'downstream it went back'],
  [5, 4, false, 'it is the next'],
];

describe('a record gets an offset sync at once', () => {
  test.each(ACKNOWLEDGED)('or not: %i->%i: %s, as %s', (source, target, chosen) => {
    const emitter = new OffsetSyncEmitter(50);
    const at = ACKNOWLEDGED.findIndex((row) => row[0] === source && row[1] === target);
    for (const [upstream, downstream] of ACKNOWLEDGED.slice(0, at))
      offsets(emitter, emitter.acknowledged(OF, run(upstream, downstream)));

    const syncs = emitter.acknowledged(OF, run(source, target));

    expect(syncs).toEqual(chosen ? [{ ...OF, upstreamOffset: source, downstreamOffset: target }] : []);
  });

  test('each, when no lag is allowed', () => {
    const emitter = new OffsetSyncEmitter(0);

    expect(offsets(emitter, emitter.acknowledged(OF, run(7, 20, 5)))).toEqual([7, 8, 9, 10, 11]);
  });

  test('not when downstream it is where the one before is', () => {
    const emitter = new OffsetSyncEmitter(50);
    emitter.acknowledged(OF, run(0, 100));

    expect(emitter.acknowledged(OF, run(1, 100))).toEqual([]);
  });

  test('each partition for itself', () => {
    const emitter = new OffsetSyncEmitter(100);

    expect(offsets(emitter, emitter.acknowledged(OF, run(0, 0)))).toEqual([0]);
    expect(offsets(emitter, emitter.acknowledged({ ...OF, partition: 4 }, run(0, 0)))).toEqual([0]);
    expect(offsets(emitter, emitter.acknowledged(OF, run(1, 1)))).toEqual([]);
  });
});

describe('a record that gets none at once', () => {
  test('gets one at the next commit, if it is still the newest', () => {
    const emitter = new OffsetSyncEmitter(100);
    emitter.acknowledged(OF, run(0, 0));
    emitter.acknowledged(OF, run(1, 1, 3));
    emitter.acknowledged(OF, run(4, 4, 2));

    expect(emitter.committed()).toEqual([{ ...OF, upstreamOffset: 5, downstreamOffset: 5 }]);
    expect(emitter.committed()).toEqual([]);
  });

  test('gets one when the commit is one of its partition', () => {
    const emitter = new OffsetSyncEmitter(100);
    const other = { ...OF, partition: 4 };
    for (const of of [OF, other]) emitter.acknowledged(of, run(0, 0, 3));

    expect(emitter.committed(OF)).toEqual([{ ...OF, upstreamOffset: 2, downstreamOffset: 2 }]);
    expect(emitter.committed(OF)).toEqual([]);
    expect(emitter.committed()).toEqual([{ ...other, upstreamOffset: 2, downstreamOffset: 2 }]);
  });

  test('gets none when a later one got one meanwhile', () => {
    const emitter = new OffsetSyncEmitter(100);
    emitter.acknowledged(OF, run(0, 0, 2));
    emitter.acknowledged(OF, run(7, 2));

    expect(emitter.committed()).toEqual([]);
  });

  test('does not put off the next one by the sync that the commit writes', () => {
    const emitter = new OffsetSyncEmitter(10);
    emitter.acknowledged(OF, run(0, 0, 9));

    expect(offsets(emitter, emitter.committed())).toEqual([8]);
    expect(offsets(emitter, emitter.acknowledged(OF, run(9, 9, 5)))).toEqual([11]);
  });
});

describe('while ten syncs wait for their answer', () => {
  test('of a partition only the newest is kept, until there is room', () => {
    const emitter = new OffsetSyncEmitter(0);

    expect(offsets(emitter, emitter.acknowledged(OF, run(0, 0, 15)), false)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(offsets(emitter, emitter.acknowledged(OF, run(15, 15)), false)).toEqual([]);
    emitter.answered();
    expect(offsets(emitter, emitter.committed(), false)).toEqual([15]);
  });

  test('one that waits goes out with the next record, whichever that is', () => {
    const emitter = new OffsetSyncEmitter(9);
    emitter.acknowledged({ ...OF, partition: 4 }, run(0, 0));
    for (let i = 0; i < 9; i++) emitter.acknowledged({ ...OF, partition: 9 + i }, run(0, 0));
    emitter.acknowledged(OF, run(7, 7));
    emitter.answered();

    expect(offsets(emitter, emitter.acknowledged({ ...OF, partition: 4 }, run(1, 1)))).toEqual([7]);
  });

  test('the partitions wait in the order in which they came', () => {
    const emitter = new OffsetSyncEmitter(0);
    emitter.acknowledged(OF, run(0, 0, 10));
    for (const partition of [1, 2, 1]) emitter.acknowledged({ ...OF, partition }, run(0, 0));
    for (let i = 0; i < 10; i++) emitter.answered();

    expect(emitter.committed().map(({ partition }) => partition)).toEqual([1, 2]);
  });
});

test('without a limit of what is in flight, all that is chosen is written, answered or not', () => {
  const emitter = new OffsetSyncEmitter(0, Number.POSITIVE_INFINITY);

  expect(offsets(emitter, emitter.acknowledged(OF, run(0, 0, 15)), false)).toHaveLength(15);
});

test('runs and single records choose the same syncs', () => {
  const step = fc.record({
    up: fc.integer({ min: -3, max: 2 }),
    down: fc.integer({ min: -3, max: 2 }),
    length: fc.nat(40),
  });
  fc.assert(
    fc.property(
      fc.nat(12),
      fc.array(fc.oneof(step, fc.constant('commit' as const)), { maxLength: 12 }),
      (lag, steps) => {
        const [whole, single] = [new OffsetSyncEmitter(lag), new OffsetSyncEmitter(lag)];
        let [source, target] = [50, 50];
        for (const each of steps) {
          if (each === 'commit') {
            expect(offsets(whole, whole.committed())).toEqual(offsets(single, single.committed()));
            continue;
          }
          [source, target] = [Math.max(0, source + each.up), Math.max(0, target + each.down)];
          const records = Array.from({ length: each.length }, (_, i) => run(source + i, target + i));
          const length = Math.min(each.length, 10 * (lag + 1));

          expect(offsets(whole, whole.acknowledged(OF, run(source, target, length)))).toEqual(
            records.slice(0, length).flatMap((record) => offsets(single, single.acknowledged(OF, record))),
          );
          [source, target] = [source + length, target + length];
        }
      },
    ),
  );
});
