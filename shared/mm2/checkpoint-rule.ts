import type { Checkpoint } from './checkpoint.ts';

/**
 * Whether MirrorMaker 2 would write `next` where `previous` is the last checkpoint of the same group and partition: there
 * was none, the group went back upstream, or the translation went forward. So a checkpoint goes back only with its group.
 */
export function isDue(previous: Checkpoint | undefined, next: Checkpoint): boolean {
  return (
    previous === undefined ||
    next.upstreamOffset < previous.upstreamOffset ||
    next.downstreamOffset > previous.downstreamOffset
  );
}
