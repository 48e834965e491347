import type { HeadFacts } from '../../adapters/dynamodb/read-map/head-facts.ts';
import type { SourceOffset, TargetOffset } from '../../flow/offset.ts';
import type { Untold } from '../../groups/committed-offsets.ts';
import type { GroupPlan } from '../../groups/plan.ts';
import type { PartitionLog } from '../../groups/ports.ts';
import type { TopicItem } from '../../ledger/topic-registry.ts';

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
  /** Undefined where nothing was copied yet. */
  readonly head: HeadFacts | Untold | undefined;
}

/** By topic, then by partition. */
export type Logs<O extends number> = ReadonlyMap<string, ReadonlyMap<number, PartitionLog<O> | Untold>>;

export interface SourceFacts {
  readonly logs: Logs<SourceOffset>;
  /** Covered by the flow, and not known to the offset map. */
  readonly notYet: readonly string[];
}

export interface TargetFacts {
  readonly logs: Logs<TargetOffset>;
  /** The heartbeats that came from the source. */
  readonly heartbeat: Newest;
  readonly checkpoint: Newest;
}

/** The newest record of a topic: when it was written (ms since the epoch), that there is none, or why that is not known. */
export type Newest =
  | { readonly state: 'written'; readonly at: number }
  | { readonly state: 'none'; readonly because: string }
  | { readonly state: 'unknown'; readonly because: string };

/** What the checkpoints topic says of a group last, which stands in for a source that does not answer. */
export interface CheckpointedGroup {
  readonly group: string;
  /** ms since the epoch, of its newest checkpoint. */
  readonly at: number;
  readonly partitions: number;
}

/** Timestamp of the first record at or after an offset of the source, by `topic-partition@offset`; -1 a record without. */
export type RecordTimes = ReadonlyMap<string, number>;

export interface FlowFacts {
  readonly flow: string;
  readonly source: string;
  readonly target: string;
  readonly map: Fact<MapFacts>;
  readonly sourceSide: Fact<SourceFacts>;
  readonly targetSide: Fact<TargetFacts>;
  readonly groups: Fact<readonly GroupPlan[]>;
  /** Where `groups` could not be found out and the checkpoints could. */
  readonly checkpointed?: readonly CheckpointedGroup[];
  /** Whether checkpoints are written at all (`emit.checkpoints.enabled`). */
  readonly writesCheckpoints: boolean;
  readonly times: RecordTimes;
}

export function timeKey(topic: string, partition: number, offset: number): string {
  return `${topic}-${partition}@${offset}`;
}

export function known<T>(fact: Fact<T>): T | undefined {
  return 'value' in fact ? fact.value : undefined;
}
