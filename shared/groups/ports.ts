import type { TargetOffset } from '../flow/offset.ts';
import type { OffsetsOfGroups } from './committed-offsets.ts';
import type { GroupListing } from './group.ts';

/** The consumer groups of one cluster. No group's failure keeps the others from being answered. */
export interface GroupReader<O extends number> {
  /** Consumer groups of every type, share groups left out. @throws CausewayError when no broker answers */
  list(): Promise<GroupListing>;
  /** All committed offsets of each group; a group that does not exist has none. */
  committed(groups: readonly string[]): Promise<OffsetsOfGroups<O>>;
}

/** An offset to be committed for a group that has no members. */
export interface OffsetToCommit {
  readonly topic: string;
  readonly partition: number;
  readonly offset: TargetOffset;
  readonly metadata: string;
}

/** What became of one: `code` is Kafka's name of the broker's refusal, or Causeway's where there was no answer. */
export type CommitOutcome = { readonly kind: 'committed' } | { readonly kind: 'refused'; readonly code: string };

export interface GroupCommitter {
  /** Per group one outcome for each offset, in the order given. The broker refuses a group that has members. */
  commit(
    offsets: ReadonlyMap<string, readonly OffsetToCommit[]>,
  ): Promise<ReadonlyMap<string, readonly CommitOutcome[]>>;
}
