import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OffsetSync } from '../../../shared/mm2/offset-sync.ts';
import { SyncSlots } from '../../../shared/mm2/sync-slots.ts';
import { range, sync, upstreams } from './syncs.ts';

describe('the slots', () => {
  const [first = sync(0), ...later] = range(0, 3, 1);

  /** After each sync the slots, with `holds` for every two different syncs of them. */
  function everyPair(holds: (newer: OffsetSync, older: OffsetSync, i: number, j: number) => boolean): void {
    fc.assert(
      fc.property(upstreams, (offsets) => {
        const kept = new SyncSlots(first);
        for (const each of [...later, ...offsets.map((offset) => sync(offset))]) {
          kept.add(each);
          kept.slots.forEach((newer, i) => {
            kept.slots.forEach((older, j) => {
              if (i < j && newer !== older && !holds(newer, older, i, j))
                expect.fail(`slots ${i} and ${j}: ${newer.upstreamOffset} and ${older.upstreamOffset}`);
            });
          });
        }
      }),
      { numRuns: 30 },
    );
  }

  test('A. hold the newest in slot 0', () => {
    fc.assert(
      fc.property(upstreams, (offsets) => {
        const kept = new SyncSlots(first);
        for (const each of offsets.map((offset) => sync(offset))) {
          kept.add(each);
          expect(kept.slots[0]).toBe(each);
          expect(kept.slots).toHaveLength(64);
        }
      }),
    );
  });

  test('B. are recent enough', () => {
    everyPair((newer, older, i, j) => {
      const bound = BigInt(older.upstreamOffset) + 2n ** BigInt(j) - 2n ** BigInt(i);
      return BigInt(newer.upstreamOffset) <= bound;
    });
  });

  test('C. are far enough apart, but for one that came again', () => {
    everyPair((newer, older, i) => {
      if (newer.upstreamOffset === older.upstreamOffset) return true;
      const bound = BigInt(older.upstreamOffset) + 2n ** BigInt(Math.max(i - 2, 0));
      return BigInt(newer.upstreamOffset) >= bound;
    });
  });

  test('D. hold equal syncs side by side, older ones behind newer ones', () => {
    everyPair((newer, older) => newer.upstreamOffset >= older.upstreamOffset);
  });
});
