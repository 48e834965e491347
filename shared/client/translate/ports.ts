import type { FlowId } from '../../flow/flow.ts';
import type { GroupReader, OffsetMapReader, PartitionLogReader } from '../../groups/ports.ts';
import type { RegistryListing, TopicRegistry } from '../../ledger/topic-registry.ts';
import type { TopicPartition } from '../../mm2/topic-partition.ts';

/** What is asked of a cluster. */
export type TranslationCluster = Pick<GroupReader<number>, 'committed'> & PartitionLogReader<number>;

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
