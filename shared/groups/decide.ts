import type { TargetOffset } from '../flow/offset.ts';
import { type CommittedOffset, isTold, type Untold } from './committed-offsets.ts';
import { GroupActivity } from './group.ts';
import type { Place } from './place.ts';
import { type LeftOut, leftOut, Reason } from './reason.ts';

/** A group's offset is to be set on the target. */
export interface Commit {
  readonly kind: 'commit';
  readonly offset: TargetOffset;
  /** As in {@link Place}. */
  readonly beyond: number;
  /** Where the group was on the target; undefined: nowhere. */
  readonly before: TargetOffset | undefined;
}

/** How a group stands on the target. */
export interface TargetGroup {
  readonly activity: GroupActivity;
  /** Of the partition; undefined: none. */
  readonly committed: CommittedOffset<TargetOffset> | Untold | undefined;
}

const unchanged = leftOut(Reason.Unchanged);
const active = leftOut(Reason.GroupActive);

/**
 * Whether a group goes to its place: only while it has no members, only onwards. MirrorMaker 2's `sync.group.offsets`
 * does the same, and never says why it left a partition out. A group whose state could not be found out is tried: the
 * broker refuses if it has members.
 */
export function decide(place: Place, { activity, committed }: TargetGroup, logEnd: TargetOffset): Commit | LeftOut {
  if (activity === GroupActivity.Active) return active;
  if (committed === undefined) return commit(place, undefined);
  if (!isTold(committed)) return leftOut(Reason.TargetOffsetUnknown, committed.code);
  if (committed.offset === place.offset) return unchanged;
  if (committed.offset < place.offset) return commit(place, committed.offset);
  const detail = `at ${committed.offset}, translated ${place.offset}`;
  if (committed.offset > logEnd) return leftOut(Reason.TargetOffsetPastEnd, `${detail}, log end ${logEnd}`);
  return leftOut(Reason.AheadOnTarget, detail);
}

function commit({ offset, beyond }: Place, before: TargetOffset | undefined): Commit {
  return { kind: 'commit', offset, beyond, before };
}
