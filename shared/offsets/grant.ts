import { advance } from '../flow/offset.ts';
import type { Grant, Head, SourceRange } from './head.ts';

/**
 * The source offsets that the grant gives to `count` sequences from `nextSequence + skip` on. Fewer come back when the
 * grant ends before: a closed grant gives none.
 */
export function grantedRanges(head: Head, skip: number, count: number): SourceRange[] {
  switch (head.grant.kind) {
    case 'closed':
      return [];
    case 'open':
      return [{ from: advance(head.nextSource, skip), length: count }];
    case 'intent':
      return slice(head.grant.ranges, skip, count);
  }
}

/** What remains of a grant after its first `count` records landed: an intent used up is closed. */
export function remainingGrant(grant: Grant, count: number): Grant {
  if (grant.kind !== 'intent') return grant;
  const ranges = slice(grant.ranges, count, Number.POSITIVE_INFINITY);
  return ranges.length > 0 ? { kind: 'intent', ranges } : { kind: 'closed' };
}

export function countOf(ranges: readonly SourceRange[]): number {
  return ranges.reduce((sum, { length }) => sum + length, 0);
}

function slice(ranges: readonly SourceRange[], skip: number, count: number): SourceRange[] {
  const result: SourceRange[] = [];
  let [toSkip, toTake] = [skip, count];
  for (const { from, length } of ranges) {
    if (toSkip >= length) {
      toSkip -= length;
      continue;
    }
    if (toTake <= 0) break;
    const taken = Math.min(length - toSkip, toTake);
    result.push({ from: advance(from, toSkip), length: taken });
    toSkip = 0;
    toTake -= taken;
  }
  return result;
}
