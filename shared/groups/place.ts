import type { SourceOffset, TargetOffset } from '../flow/offset.ts';
import type { LogRange } from './ports.ts';
import { type LeftOut, leftOut, Reason } from './reason.ts';
import type { Translation } from './translation.ts';

/** What matters of a replicated partition for every group that reads it. */
export interface ReplicatedPartition {
  readonly remoteTopic: string;
  /** Read after the groups' offsets; undefined when the source does not answer. */
  readonly source: LogRange<SourceOffset> | undefined;
  /** Read after the offset map. */
  readonly target: LogRange<TargetOffset>;
}

/** Where a group that is at an offset on the source belongs on the target: at most the end of what is replicated. */
export interface Place {
  readonly kind: 'place';
  readonly offset: TargetOffset;
  /** Source offsets before the group's own that are not copied yet; 0: the place is exact. */
  readonly beyond: number;
}

/**
 * Every record before `asked` that the target has lies before the place, and every other one at or after it, now and
 * once more is copied: nothing is skipped, and what is read twice is what was not copied yet (`beyond`).
 *
 * - At or past what is replicated the place is where replication goes on. For a group that has caught up, the common
 *   case, that is exact; one that is ahead of the copy is where it should be if the source is lost now, and moves on
 *   with the copy.
 * - Below the target's log start it is the log start, since a consumer that is sent below it would start by its
 *   `auto.offset.reset`, which may skip everything. For the same reason an offset older than the map is placed when all
 *   that the map has forgotten has left the target's log too.
 * - An offset below the source's log start is as good as any: the map knows it, or says that it does not.
 */
export function placeOf(
  asked: SourceOffset,
  found: Translation<TargetOffset>,
  logs: ReplicatedPartition,
): Place | LeftOut {
  const { source, target } = logs;
  if (source && asked > source.logEnd) {
    return leftOut(Reason.SourceOffsetPastEnd, `offset ${asked}, log end ${source.logEnd}`);
  }
  switch (found.kind) {
    case 'exact':
      return within(target, found.offset, 0);
    case 'clamped':
      return within(target, found.offset, found.beyond);
    case 'too-old':
      if (found.nearest.target <= target.logStart) return within(target, found.nearest.target, 0);
      return leftOut(Reason.OlderThanMap, `nearest: ${found.nearest.source} is ${found.nearest.target} on the target`);
    case 'unmapped':
      if (source && isEmpty(source) && isEmpty(target)) return within(target, target.logEnd, 0);
      return leftOut(Reason.NothingReplicated);
    case 'unreadable':
      return leftOut(Reason.MapUnreadable, found.code);
  }
}

function within({ logStart, logEnd }: LogRange<TargetOffset>, offset: TargetOffset, beyond: number): Place | LeftOut {
  if (offset > logEnd) return leftOut(Reason.PastTargetEnd, `offset ${offset}, log end ${logEnd}`);
  return { kind: 'place', offset: offset < logStart ? logStart : offset, beyond };
}

function isEmpty({ logStart, logEnd }: LogRange<number>): boolean {
  return logStart === logEnd;
}
