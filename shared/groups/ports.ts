import type { FlowPartition } from '../flow/flow.ts';
import type { SourceOffset, TargetOffset } from '../flow/offset.ts';
import type { TopicPartition } from '../mm2/topic-partition.ts';
import type { OffsetsOfGroups, Untold } from './committed-offsets.ts';
import type { GroupListing } from './group.ts';
import type { Translation } from './translation.ts';

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

/** Where the logs of partitions begin and end on one cluster. */
export interface PartitionLogReader<O extends number> {
  /** @throws CausewayError when no broker answers */
  logs(partitions: readonly TopicPartition[]): Promise<PartitionLogs<O>>;
}

export interface GroupCommitter {
  /** Per group one outcome for each offset, in the order given. The broker refuses a group that has members. */
  commit(
    offsets: ReadonlyMap<string, readonly OffsetToCommit[]>,
  ): Promise<ReadonlyMap<string, readonly CommitOutcome[]>>;
}

export interface LogRange<O extends number> {
  readonly logStart: O;
  /** High watermark: consumers have read nothing at or after it. */
  readonly logEnd: O;
}

export interface PartitionLog<O extends number> extends LogRange<O> {
  /** As the broker tells it now. */
  readonly topicId: string;
}

/** The code of a partition that the cluster does not have. */
export const UNKNOWN_PARTITION = 'UNKNOWN_TOPIC_OR_PARTITION';

/** By topic, then by partition; each partition that was asked for has an answer. */
export type PartitionLogs<O extends number> = ReadonlyMap<string, ReadonlyMap<number, PartitionLog<O> | Untold>>;

/** Offsets of one partition that are to be translated. */
export interface TranslationRequest {
  readonly partition: FlowPartition;
  readonly toTarget: Iterable<SourceOffset>;
  readonly toSource: Iterable<TargetOffset>;
}

/** What was read of the offset map, and the answers that it gives. Offsets that were not asked for are `unreadable`. */
export interface OffsetMapView {
  /** Topic ids that the map speaks of; undefined when there is no map of the partition, or it cannot be read. */
  topicIds(topic: string, partition: number): { readonly source: string; readonly target: string } | undefined;
  toTarget(topic: string, partition: number, offset: SourceOffset): Translation<TargetOffset>;
  toSource(topic: string, partition: number, offset: TargetOffset): Translation<SourceOffset>;
}

export interface OffsetMapReader {
  /** @param requests of one flow, each topic in one generation */
  read(requests: readonly TranslationRequest[], signal?: AbortSignal): Promise<OffsetMapView>;
}
