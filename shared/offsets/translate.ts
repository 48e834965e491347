import { advance, type SourceOffset, type TargetOffset } from '../flow/offset.ts';
import type { Head, Run } from './head.ts';

/** Where an offset is on the other side. `clamped`: it lies at or past what is replicated, so this is where that goes on. */
export interface Translated<O> {
  readonly offset: O;
  readonly clamped: boolean;
}

/** Where replication goes on, on both sides. */
export type Frontier = Pick<Head, 'nextSource' | 'nextTarget'>;

/**
 * The target offset of the first copied record at or after `offset`. A consumer that has read the source up to `offset`
 * skips nothing and reads nothing twice when it goes on there.
 *
 * @param runs all runs of the partition in order, the open one too
 */
export function toTarget(runs: readonly Run[], frontier: Frontier, offset: SourceOffset): Translated<TargetOffset> {
  if (offset >= frontier.nextSource) return { offset: frontier.nextTarget, clamped: true };
  const run = firstReaching(runs, (each) => each.source + each.length > offset);
  if (!run) return { offset: frontier.nextTarget, clamped: false };
  return { offset: advance(run.target, Math.max(0, offset - run.source)), clamped: false };
}

/** The source offset of the first copied record at or after `offset` of the target: what makes failback exact. */
export function toSource(runs: readonly Run[], frontier: Frontier, offset: TargetOffset): Translated<SourceOffset> {
  if (offset >= frontier.nextTarget) return { offset: frontier.nextSource, clamped: true };
  const run = firstReaching(runs, (each) => each.target + each.length > offset);
  if (!run) return { offset: frontier.nextSource, clamped: false };
  return { offset: advance(run.source, Math.max(0, offset - run.target)), clamped: false };
}

/** Both sides of every run ascend, so the runs that reach far enough are the last ones. */
function firstReaching(runs: readonly Run[], reaches: (run: Run) => boolean): Run | undefined {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const run = runs[middle];
    if (run && reaches(run)) high = middle;
    else low = middle + 1;
  }
  return runs[low];
}
