import type { HeadStore } from '../append/ports.ts';
import type { TopicRegistry } from '../ledger/topic-registry.ts';
import type { Producer } from '../offsets/head.ts';
import type { Mapping } from '../reconcile/mapping.ts';
import type { StartOffsets } from '../reconcile/ports.ts';
import type { ClusterTopic } from '../reconcile/topic.ts';
import type { Evidence } from './evidence.ts';
import type { AdoptedLog } from './find-position.ts';

/** One side of the flow. */
export interface AdoptCluster {
  topics(): Promise<readonly ClusterTopic[]>;
  /** Those of `topics` that are compacted. */
  compacted(topics: readonly string[]): Promise<ReadonlySet<string>>;
  /** As it is now: where it ends does not change with what is appended later. */
  log(topic: string, partition: number): Promise<AdoptedLog>;
}

export interface AdoptPorts {
  /** Everything that MirrorMaker 2 wrote down of the flow. */
  evidence(): Promise<Evidence>;
  /** Whether workers of MirrorMaker 2's are members of their group at this moment. */
  workersRunning(): Promise<boolean>;
  readonly source: AdoptCluster & {
    leaderEpoch(topic: string, partition: number): Promise<number>;
  };
  readonly target: AdoptCluster & {
    /** A producer id for the partition's transactional id, which is made of the mapping's group. */
    initProducer(consumerGroup: string, partition: number): Promise<Producer>;
  };
  readonly registry: Pick<TopicRegistry, 'list' | 'write'>;
  /** Of the flow's `replicate`; none where it is not deployed. */
  mappings(): Promise<readonly Mapping[]>;
  readonly heads: Pick<HeadStore, 'read' | 'write'>;
  readonly startOffsets: StartOffsets;
  readonly clock: { now(): number; wait(ms: number): Promise<void> };
}
