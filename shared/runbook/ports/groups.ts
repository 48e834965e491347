import type { CommittedOffset, OffsetsOfGroups, Untold } from '../../groups/committed-offsets.ts';
import type { ConsumerGroup, GroupListing } from '../../groups/group.ts';
import type { CommitOutcome, OffsetToCommit } from '../../groups/ports.ts';

/** A member of a consumer group. */
export interface GroupMember {
  readonly clientId: string;
  readonly host: string;
}

/** The consumer groups of one cluster. Every call has a bound of its own. */
export interface RunbookGroups {
  /** @throws CausewayError when no broker answers */
  list(): Promise<GroupListing>;
  committed(groups: readonly string[]): Promise<OffsetsOfGroups<number>>;
  commit(
    offsets: ReadonlyMap<string, readonly OffsetToCommit[]>,
  ): Promise<ReadonlyMap<string, readonly CommitOutcome[]>>;
  /** Of each group, or the code of why they are not told. */
  members(groups: readonly ConsumerGroup[]): Promise<ReadonlyMap<string, readonly GroupMember[] | Untold>>;
  /** @returns those that are still there, each with the broker's reason */
  remove(groups: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** What groups of a cluster that is gone had committed last, as the flow's checkpoints on the other one have it. */
export interface LastKnownOffsets {
  /** ms since the epoch, of the newest of them. */
  readonly at: number;
  /** By group, then by topic under its name on the cluster that is gone, then by partition. */
  readonly offsets: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<number, LastKnownOffset>>>;
}

export interface LastKnownOffset extends CommittedOffset<number> {
  /** When its checkpoint was written, ms since the epoch. */
  readonly writtenAt: number;
}
