import type { FlowId } from '../../flow/flow.ts';
import type { Untold } from '../../groups/committed-offsets.ts';
import type { GroupReader, LogRange, OffsetMapReader } from '../../groups/ports.ts';
import type { RegistryListing, TopicRegistry } from '../../ledger/topic-registry.ts';
import type { TopicPartition } from '../../mm2/topic-partition.ts';

/** Where a log begins and ends, and the id of its topic where the client tells ids. */
export interface TranslationLog extends LogRange<number> {
  readonly topicId?: string;
}

/** By topic, then by partition; a log that is not told is absent, or says why. */
export type LogsRead = ReadonlyMap<string, ReadonlyMap<number, TranslationLog | Untold>>;

/** What is asked of a cluster. */
export interface TranslationCluster extends Pick<GroupReader<number>, 'committed'> {
  /** @throws CausewayError when no broker answers */
  logs(partitions: readonly TopicPartition[]): Promise<LogsRead>;
}

/** What the checkpoints on the target say of a group of the source. */
export interface LastCheckpoints {
  /** Time of the newest record of the group, ms since the epoch. */
  readonly at: number;
  /** One a partition, by the name on the target, with the offset on the source. */
  readonly offsets: readonly (TopicPartition & { readonly offset: number })[];
}

/** The flow's topics, from the offset map's table. */
export interface FlowTopics extends Pick<TopicRegistry, 'read'> {
  list(): Promise<Pick<RegistryListing, 'topics'>>;
}

/** What a translator reads. Clusters are connected when they are first asked. */
export interface TranslatorPorts {
  readonly flow: FlowId;
  readonly registry: FlowTopics;
  readonly maps: OffsetMapReader;
  readonly source?: (() => Promise<TranslationCluster>) | undefined;
  readonly target?: (() => Promise<TranslationCluster>) | undefined;
  /** Stand in for a source that does not answer; undefined when there are none of the group. */
  readonly checkpoints?: ((group: string) => Promise<LastCheckpoints | undefined>) | undefined;
}
