import type { HeadFacts } from '../adapters/dynamodb/read-map/head-facts.ts';
import type { FirstRecord } from '../adapters/kafka/first-record.ts';
import type { SourceOffset, TargetOffset } from '../flow/offset.ts';
import type { Untold } from '../groups/committed-offsets.ts';
import type { GroupPlan } from '../groups/plan.ts';
import type { PartitionLog } from '../groups/ports.ts';
import type { TopicItem } from '../ledger/topic-registry.ts';
import type { Checkpoint } from '../mm2/checkpoint.ts';
import type { TopicPartition } from '../mm2/topic-partition.ts';
import type { Deployed } from './deployed.ts';
import type { OnTarget } from './on-target.ts';
import type { Placement } from './placement.ts';

/** What was found out, or why it could not be, and when it was asked for (ms since the epoch). */
export type Fact<T> =
  | { readonly at: number; readonly value: T }
  | { readonly at: number; readonly error: { readonly code: string; readonly what: string; readonly next: string } };

/** The offset map's table. */
export interface MapFacts {
  /** The flow's stack is being destroyed. */
  readonly removed: boolean;
  readonly partitions: readonly MappedPartition[];
  readonly topics: readonly TopicItem[];
}

export interface MappedPartition {
  readonly topic: string;
  readonly partition: number;
  /** First offset that is copied; undefined: the first that the source holds. */
  readonly begin?: number;
  /** Undefined where nothing was copied yet. */
  readonly head: HeadFacts | Untold | undefined;
}

/** By topic, then by partition. */
export type Logs<O extends number> = ReadonlyMap<string, ReadonlyMap<number, PartitionLog<O> | Untold>>;

export interface SourceLog extends PartitionLog<SourceOffset> {
  /** Last stable offset: from there on nothing can be copied before a transaction that is open has ended. */
  readonly committedEnd: SourceOffset;
}

/** By topic, then by partition. */
export type SourceLogs = ReadonlyMap<string, ReadonlyMap<number, SourceLog | Untold>>;

export interface SourceFacts {
  readonly logs: SourceLogs;
  /** Covered by the flow, and not known to the offset map. */
  readonly notYet: readonly string[];
  readonly placement: Placement;
}

export interface TargetFacts {
  readonly logs: Logs<TargetOffset>;
  /** The heartbeats that came from the source. */
  readonly heartbeat: Newest;
  readonly checkpoint: Newest;
  readonly placement: Placement;
}

/** The newest record of a topic: when it was written (ms since the epoch), that there is none, or why that is not known. */
export type Newest =
  | { readonly state: 'written'; readonly at: number }
  | { readonly state: 'none'; readonly because: string }
  | { readonly state: 'unknown'; readonly because: string };

/** What the checkpoints topic says of a group last. It stands in for a source that does not answer. */
export interface CheckpointedGroup {
  readonly group: string;
  /** ms since the epoch, of its newest checkpoint. */
  readonly at: number;
  /** One a partition. */
  readonly checkpoints: readonly Checkpoint[];
}

/** What `checkpoint` should have done by now, and did not while it was watched. */
export interface Late {
  /** For how long it was watched. */
  readonly seconds: number;
  /** Places, by {@link placeKey}, that a group has not come to on the target. */
  readonly offsets: ReadonlySet<string>;
  /** Checkpoints that were not written. */
  readonly checkpoints: readonly Checkpoint[];
  /** Groups without a checkpoint, which `checkpoint` lists so seldom that they were not waited for. */
  readonly unlisted: ReadonlySet<string>;
}

/** By the topic's name on the target. */
export function placeKey({ group, topic, partition }: TopicPartition & { readonly group: string }): string {
  return JSON.stringify([group, topic, partition]);
}

/** A record, that there is none in this part of the log, or why that is not known. */
export type Found = FirstRecord | 'none' | Untold;

/** The records of the source that lags are told by. What was not asked for is absent. */
export interface OldestRecords {
  /** The first that is committed, at or after an offset and before the last stable one, by `topic-partition@offset`. */
  readonly committed: ReadonlyMap<string, Found>;
  /** The first of what a transaction that is open keeps from being read, by `topic-partition`. */
  readonly undecided: ReadonlyMap<string, Found>;
}

export interface FlowFacts {
  readonly flow: string;
  readonly source: string;
  readonly target: string;
  readonly map: Fact<MapFacts>;
  readonly sourceSide: Fact<SourceFacts>;
  readonly targetSide: Fact<TargetFacts>;
  /** Read before the source's groups. */
  readonly onTarget: Fact<OnTarget>;
  readonly groups: Fact<readonly GroupPlan[]>;
  /** Read before the source's groups; undefined where none are written, or the target does not answer. */
  readonly checkpoints: Fact<readonly CheckpointedGroup[]> | undefined;
  /** Whether checkpoints are written at all (`emit.checkpoints.enabled`). */
  readonly writesCheckpoints: boolean;
  /** Whether offsets are committed on the target (`sync.group.offsets.enabled`). */
  readonly commitsOffsets: boolean;
  readonly late: Late;
  readonly deployed: Deployed;
  /** Whether copies of topics that are gone at the source are kept. */
  readonly keepsCopies: boolean;
  /** When all was read, before anything was watched; ms since the epoch. */
  readonly readAt: number;
  /** How often heartbeats are written on the source, ms; undefined where they are not. */
  readonly heartbeatMs: number | undefined;
  readonly oldest: OldestRecords;
}

export function searchKey(topic: string, partition: number, offset: number): string {
  return `${topic}-${partition}@${offset}`;
}

export function known<T>(fact: Fact<T>): T | undefined {
  return 'value' in fact ? fact.value : undefined;
}
