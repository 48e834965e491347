import type { ReadHead } from '../adapters/dynamodb/read-map/heads.ts';
import type { RecordSearch } from '../adapters/kafka/first-record.ts';
import type { CausewayError } from '../flow/errors.ts';
import type { FlowId, FlowPartition } from '../flow/flow.ts';
import type { SourceOffset, TargetOffset } from '../flow/offset.ts';
import type { GroupReader, OffsetMapReader, PartitionLogReader } from '../groups/ports.ts';
import type { GroupRules } from '../groups/select.ts';
import type { FlowItem, TopicItem } from '../ledger/topic-registry.ts';
import type { TopicPartition } from '../mm2/topic-partition.ts';
import type { ByPartition } from '../runbook/ports/cluster.ts';
import type { Deployed } from './deployed.ts';
import type { CheckpointedGroup, Found } from './facts.ts';
import type { Placement } from './placement.ts';

export type StatusCluster<O extends number> = GroupReader<O> & PartitionLogReader<O>;

/** What the status of a flow is read from. Each may fail without the others. */
export interface StatusPorts {
  readonly flow: FlowId;
  readonly rules: GroupRules;
  readonly covers: (topic: string) => boolean;
  readonly heartbeatsTopic: string;
  readonly checkpointsTopic: string;
  readonly topicItems: () => Promise<{ readonly flow: FlowItem; readonly topics: readonly TopicItem[] }>;
  readonly heads: (partitions: readonly FlowPartition[]) => Promise<ReadonlyMap<FlowPartition, ReadHead>>;
  readonly maps: OffsetMapReader;
  readonly source: () => Promise<StatusCluster<SourceOffset>>;
  readonly target: () => Promise<StatusCluster<TargetOffset>>;
  /** Whether the flow writes checkpoints (`emit.checkpoints.enabled`). */
  readonly writesCheckpoints: boolean;
  /** Whether it commits offsets on the target (`sync.group.offsets.enabled`). */
  readonly commitsOffsets: boolean;
  /** How often `checkpoint` reads and writes offsets, and how often it lists groups anew; ms. */
  readonly intervals: { readonly tickMs: number; readonly listMs: number };
  /** Whether it copies heartbeats (`heartbeats.replication.enabled`). */
  readonly copiesHeartbeats: boolean;
  /** How often heartbeats are written on the source, ms; undefined where they are not. */
  readonly heartbeatMs: number | undefined;
  /** What the target's checkpoints topic says of each group last. @throws CausewayError */
  readonly lastCheckpoints: () => Promise<readonly CheckpointedGroup[]>;
  /** One question to the source for all of its topics. @throws CausewayError */
  readonly sourceTopics: (replicated: readonly string[]) => Promise<SourceTopics>;
  /** Of these topics of the target. @throws CausewayError */
  readonly placementOnTarget: (topics: readonly string[]) => Promise<Placement>;
  /** Last stable offsets of the source. @throws CausewayError */
  readonly committedEnds: (partitions: readonly TopicPartition[]) => Promise<ByPartition<number>>;
  /** The first records of the source that are committed, or of all that are there. Those that come first are read first. */
  readonly firstRecords: (
    searches: readonly RecordSearch[],
    which: 'committed' | 'all',
  ) => Promise<ReadonlyMap<RecordSearch, Found>>;
  /** Of a record of the target, ms since the epoch; undefined where there is none. @throws CausewayError */
  readonly recordTime: (search: RecordSearch) => Promise<number | undefined>;
  /** What Lambda says of the flow's deployment. Never fails: what may not be asked is not known. */
  readonly deployed: () => Promise<Deployed>;
  /** Whether copies of topics that are gone at the source are kept (`causeway.deleted.topics`). */
  readonly keepsCopies: boolean;
  /** What to do, in words for who asks here. */
  readonly nextOf: (error: CausewayError) => string;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

export interface SourceTopics {
  /** Of all that are not internal. */
  readonly names: readonly string[];
  /** Of the replicated ones. */
  readonly placement: Placement;
}
