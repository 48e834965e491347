import type { TargetOffset } from '../flow/offset.ts';
import { isTold, type OffsetsOfGroups } from '../groups/committed-offsets.ts';
import { activityOf, GroupActivity, type GroupListing } from '../groups/group.ts';
import type { GroupReader } from '../groups/ports.ts';
import type { GroupRules } from '../groups/select.ts';
import { selectGroups } from '../groups/select.ts';
import type { TopicPartition } from '../mm2/topic-partition.ts';

/** The flow's groups as the target has them. */
export interface OnTarget {
  readonly listing: GroupListing;
  readonly offsets: OffsetsOfGroups<TargetOffset>;
}

/** Where a group belongs in a partition of the target. */
export interface PlaceOnTarget extends TopicPartition {
  readonly group: string;
  readonly offset: number;
}

/** How a group stands in a partition of the target, held against the place where it belongs there. */
export type Standing =
  | { readonly kind: 'in-place' }
  /** It has members there, and only they may move it. */
  | { readonly kind: 'active' }
  /** Records before its place, which it would read twice. */
  | { readonly kind: 'behind'; readonly records: number }
  /** Records from its place on, which it would skip. */
  | { readonly kind: 'ahead'; readonly records: number }
  /** It has no offset there: it would begin by its `auto.offset.reset`. */
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'untold'; readonly code: string };

/** All groups of the target that the rules take. @throws CausewayError */
export async function readOnTarget(target: GroupReader<TargetOffset>, rules: GroupRules): Promise<OnTarget> {
  const listing = await target.list();
  return { listing, offsets: await target.committed(selectGroups(listing, rules).selected) };
}

/** @param place as it was, or is, after the target was read: a healthy flow is not ahead of it */
export function standingOf({ listing, offsets }: OnTarget, place: PlaceOnTarget): Standing {
  const { group, topic, partition } = place;
  if (activityOf(listing, group) === GroupActivity.Active) return { kind: 'active' };
  const told = offsets.get(group);
  if (told === undefined) {
    const [silent] = listing.silentBrokers;
    return silent === undefined ? { kind: 'nowhere' } : { kind: 'untold', code: silent.code };
  }
  const there = isTold(told) ? told.get(topic)?.get(partition) : told;
  if (there === undefined) return { kind: 'nowhere' };
  if (!isTold(there)) return { kind: 'untold', code: there.code };
  const records = place.offset - there.offset;
  if (records === 0) return { kind: 'in-place' };
  return records > 0 ? { kind: 'behind', records } : { kind: 'ahead', records: -records };
}
