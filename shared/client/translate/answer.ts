import type { TopicPartition } from '../../mm2/topic-partition.ts';
import type { TranslationError } from './errors.ts';

/** `forward`: from the flow's source to its target; `backward`: from its target to its source. */
export const Direction = { Forward: 'forward', Backward: 'backward' } as const;
export type Direction = (typeof Direction)[keyof typeof Direction];

/** A place in a log. */
export interface Position extends TopicPartition {
  /** Alias of the cluster. */
  readonly cluster: string;
  readonly offset: number;
}

/** Where a consumer goes on that has read everything before `from`: nothing is skipped. */
export interface OffsetTranslation {
  /** `us-east->us-west` */
  readonly flow: string;
  readonly direction: Direction;
  readonly from: Position;
  readonly to: Position;
  /** Nothing is read twice either. False only for an offset past all that is replicated. */
  readonly exact: boolean;
  /**
   * Offsets before `from` that are not replicated yet: `to` is where replication goes on, so that records which come
   * there are read although their originals had been. 0 when exact.
   */
  readonly beyond: number;
}

/** One partition of a group whose offset has no translation. */
export interface Untranslated {
  readonly from: TopicPartition & { readonly cluster: string; readonly offset: number | undefined };
  readonly error: TranslationError;
}

/** Where the offsets of a group came from. */
export type OffsetsFrom =
  /** The cluster told them just now. */
  | { readonly kind: 'cluster' }
  /** The source did not answer: the last checkpoints on the target, the newest of them of this time (ms since the epoch). */
  | { readonly kind: 'checkpoints'; readonly at: number; readonly because: string };

export interface GroupTranslation {
  readonly flow: string;
  readonly direction: Direction;
  readonly group: string;
  readonly offsetsFrom: OffsetsFrom;
  /** By topic and partition. */
  readonly partitions: readonly OffsetTranslation[];
  readonly untranslated: readonly Untranslated[];
  /** Topics that the group has offsets of and the flow does not replicate. */
  readonly otherTopics: readonly string[];
}
