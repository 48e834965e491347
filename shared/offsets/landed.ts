import { advance } from '../flow/offset.ts';
import { remainingGrant } from './grant.ts';
import type { Head, Run } from './head.ts';
import { endOfRun, extendRuns } from './runs.ts';
import { advanceSequence } from './sequence.ts';

/** HEAD after the next records of the grant are known to stand in the target as `landed` says. */
export function withLanded(head: Head, landed: readonly Run[], lastTimestamp: number): { head: Head; closed: Run[] } {
  const last = landed.at(-1);
  if (!last) return { head, closed: [] };
  const count = landed.reduce((sum, run) => sum + run.length, 0);
  const { open, closed } = extendRuns(head.openRun, landed);
  return {
    head: {
      ...head,
      nextSequence: advanceSequence(head.nextSequence, count),
      nextSource: endOfRun(last),
      nextTarget: advance(last.target, last.length),
      openRun: open,
      grant: remainingGrant(head.grant, count),
      fresh: false,
      lastTimestamp,
    },
    closed,
  };
}
