import type { FlowId } from '../flow/flow.ts';
import type { TopicItem } from '../ledger/topic-registry.ts';
import type { FlowTopics } from '../reconcile/topic.ts';
import type { Position } from './find-position.ts';
import type { Refusal } from './refusal.ts';

export interface AdoptWanted {
  readonly flow: FlowId;
  readonly topics: FlowTopics;
  /** These topics of the source alone, whether or not the flow covers them; undefined: all that it covers. */
  readonly only: readonly string[] | undefined;
  /** Whether the flow keeps topic names: it then leaves records out, so that offsets have holes. */
  readonly keepsNames: boolean;
  /** Whether a mapping without commits begins at the log's start. */
  readonly startsEarliest: boolean;
  /** Whether the opposite flow copies into the same topics. */
  readonly twoWay: boolean;
  /** Workers of MirrorMaker 2 that are running copy nothing of this flow. */
  readonly workersIdle: boolean;
  /** For so long the target's ends must not move, ms. */
  readonly quietMs: number;
  /** See PositionQuestion. */
  readonly history: number;
  readonly lookBack: number;
  readonly maxRecords: number;
}

interface WithPosition {
  readonly position: Position;
  /** Asked for before the logs were compared. */
  readonly sourceLeaderEpoch: number;
}

export type PartitionOutcome =
  | ({ readonly kind: 'adopt' } & WithPosition)
  /** MirrorMaker 2 copied nothing of it: Causeway does from here on. `isMade`: its copy is there, empty. */
  | { readonly kind: 'begin'; readonly from: number; readonly isMade: boolean }
  /** Causeway has it already. */
  | { readonly kind: 'replicated'; readonly nextSource: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface PartitionPlan {
  readonly partition: number;
  readonly outcome: PartitionOutcome;
}

export interface PartitionResult {
  readonly partition: number;
  /** `adopted` is what `adopt` was to be; what another run was quicker with is `replicated`. */
  readonly outcome:
    | Exclude<PartitionOutcome, { readonly kind: 'adopt' }>
    | ({ readonly kind: 'adopted' } & WithPosition);
}

export interface TopicAdoption<P = PartitionPlan> {
  readonly topic: string;
  readonly remoteTopic: string;
  /** As it is registered, or is to be. */
  readonly item: TopicItem;
  readonly isRegistered: boolean;
  readonly hasMapping: boolean;
  readonly sparse: boolean;
  readonly partitions: readonly P[];
}

/** What adopting is to do, or (of `PartitionResult`) has done. */
export interface Adoption<P = PartitionPlan> {
  readonly flow: string;
  /** Names of MirrorMaker 2's connectors that recorded offsets of the source. */
  readonly connectors: readonly string[];
  readonly workersRunning: boolean;
  /** Topics asked for by name that the source does not have, or that have no copy. */
  readonly absent: readonly string[];
  readonly topics: readonly TopicAdoption<P>[];
}
