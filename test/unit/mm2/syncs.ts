import fc from 'fast-check';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { OffsetSync } from '../../../shared/mm2/offset-sync.ts';

export const OF = { topic: 'orders', partition: 3 };

export function sync(upstream: number, downstream = upstream): OffsetSync {
  return { ...OF, upstreamOffset: sourceOffset(upstream), downstreamOffset: targetOffset(downstream) };
}

/** Every `step` offsets one, the same on both sides. */
export function range(from: number, to: number, step: number): readonly OffsetSync[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, i) => sync(from + i * step));
}

/** Steps from one upstream offset to the next: forward by any magnitude, none, now and then back. */
export const upstreams = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.nat(30) },
      { weight: 3, arbitrary: fc.nat(50).map((power) => 2 ** power) },
      { weight: 1, arbitrary: fc.integer({ min: -40, max: -1 }) },
    ),
    { maxLength: 200 },
  )
  .map((steps) => {
    let at = 0;
    return steps.map((step) => {
      at = Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, at + step));
      return at;
    });
  });
