/** What a group has committed for one partition. `O` is the side that it is on. */
export interface CommittedOffset<O extends number> {
  /** The first record that the group has not consumed. */
  readonly offset: O;
  /** Leader epoch of the record before, on the group's own cluster; -1 unknown. */
  readonly leaderEpoch: number;
  /** What the application keeps with its offset; empty for most. */
  readonly metadata: string;
}

/** Asked for and not told, and why: `UNSTABLE_OFFSET_COMMIT` of an offset while a transaction that commits one is open. */
export interface Untold {
  readonly code: string;
}

/** By topic, then by partition. Partitions without a committed offset are absent. */
export type GroupOffsets<O extends number> = ReadonlyMap<string, ReadonlyMap<number, CommittedOffset<O> | Untold>>;

/** Of many groups: the offsets of each, or why they are not known. */
export type OffsetsOfGroups<O extends number> = ReadonlyMap<string, GroupOffsets<O> | Untold>;

export function isTold<T extends object>(answer: T | Untold): answer is T {
  return !('code' in answer);
}
