import { advance, type SourceOffset, type TargetOffset } from '../flow/offset.ts';
import type { OffsetSync } from './offset-sync.ts';
import { SyncSlots } from './sync-slots.ts';
import { describeTopicPartition, type TopicPartition } from './topic-partition.ts';

/** Why MirrorMaker 2 does not translate an offset. */
export const Untranslatable = {
  /** The offset-syncs topic has not been read to its end yet. */
  loading: 'loading',
  /** There is no offset sync of the partition. */
  noSync: 'no sync',
  /** The offset is below every offset sync that is kept. */
  tooOld: 'too old',
} as const;

export type Untranslatable = (typeof Untranslatable)[keyof typeof Untranslatable];

/** `by`: the offset sync that it rests on. */
export type SyncTranslation =
  | { readonly offset: TargetOffset; readonly by: OffsetSync }
  | { readonly offset: undefined; readonly reason: Untranslatable };

/**
 * Translates offsets as MirrorMaker 2 does (Kafka 4.1), from the offset syncs of a flow: to know what its checkpoints
 * mean, and to compare with it. The flow's own offset map is exact; this is not.
 */
export class OffsetSyncStore {
  readonly #partitions = new Map<string, SyncSlots>();
  readonly #keepHistory: boolean;
  #loaded = false;

  /**
   * @param keepHistory whether syncs from before the start are kept. MirrorMaker 2 does so when it could read its
   *   checkpoints topic; else it might translate to below what it wrote there before, and keeps only the last.
   */
  constructor(keepHistory: boolean) {
    this.#keepHistory = keepHistory;
  }

  /** Takes in the next sync of the offset-syncs topic. */
  add(sync: OffsetSync): void {
    const key = describeTopicPartition(sync);
    const partition = this.#partitions.get(key);
    if (!partition) this.#partitions.set(key, new SyncSlots(sync));
    else if (this.#loaded || this.#keepHistory) partition.add(sync);
    else partition.replaceAll(sync);
  }

  /** The topic has been read to the end that it had at the start. */
  loaded(): void {
    this.#loaded = true;
  }

  /**
   * Where a group goes on downstream that has committed `upstream`: exactly there if that very record has a sync, else
   * one record behind the newest sync below it. Records between the two may be missing downstream, so any larger step
   * could skip one.
   *
   * With the same syncs, a larger `upstream` never translates to less. The same one may do so later, as syncs go.
   */
  translate(of: TopicPartition, upstream: SourceOffset): SyncTranslation {
    if (!this.#loaded) return { offset: undefined, reason: Untranslatable.loading };
    const partition = this.#partitions.get(describeTopicPartition(of));
    if (!partition) return { offset: undefined, reason: Untranslatable.noSync };
    const by = partition.atOrBelow(upstream);
    if (!by) return { offset: undefined, reason: Untranslatable.tooOld };
    return { offset: advance(by.downstreamOffset, by.upstreamOffset === upstream ? 0 : 1), by };
  }

  /** The syncs that are kept of a partition, newest first, each once. */
  kept(of: TopicPartition): readonly OffsetSync[] {
    return [...new Set(this.#partitions.get(describeTopicPartition(of))?.slots)];
  }
}
