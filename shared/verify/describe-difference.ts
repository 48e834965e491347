import { firstInWords } from '../first-of.ts';
import type { Difference } from './difference.ts';

/** Offsets that are named. */
const MOST_OFFSETS = 5;

/** In one sentence, without anything of what is in a record. */
export function describeDifference(found: Difference): string {
  switch (found.kind) {
    case 'changed': {
      const { part, byte } = found.change;
      const where = byte === undefined ? `its ${part}` : `its ${part}, from byte ${byte} on`;
      return `changed: source offset ${found.source} is another record at target offset ${found.target}: ${where}`;
    }
    case 'missing':
      return `missing: source offset ${found.source} is not in the target${found.inMap ? ', though the offset map has a place for it' : ''}`;
    case 'extra':
      return `extra: target offset ${found.target} has no record in the source${found.source === undefined ? '' : `; the offset map says source offset ${found.source}`}`;
    case 'reordered':
      return `reordered: source ${offsets(found.sources)} at target ${offsets(found.targets)}`;
    case 'misplaced':
      return `misplaced: source offsets ${found.from} to ${found.to - 1}: the offset map ${found.by === undefined ? 'does not have them' : `is off by ${found.by}`}`;
  }
}

function offsets(all: readonly number[]): string {
  const [first, second] = all;
  if (second === undefined) return `offset ${first}`;
  return `offsets ${firstInWords(all, MOST_OFFSETS)}`;
}
