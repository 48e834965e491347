import type { HoldOrder, HoldResult } from '../append/hold.ts';
import type { FlowId, FlowPartition } from '../flow/flow.ts';
import type { FlowHolds } from '../ledger/hold.ts';
import type { TopicItem } from '../ledger/topic-registry.ts';

/** What lifting a hold takes: the offset map, and what the target cluster says of its topics. */
export interface LiftPorts {
  readonly flow: FlowId;
  readonly holds: FlowHolds;
  /** As the registry has them, in any state. */
  topics(): Promise<readonly TopicItem[]>;
  /** How many partitions each topic of the target cluster has. */
  partitionCounts(): Promise<ReadonlyMap<string, number>>;
  /** @throws HoldOutranked; what the table throws */
  lift(partition: FlowPartition, generation: number): Promise<'lifted' | 'not-begun'>;
  /** ms since the epoch */
  readonly now: () => number;
}

/** What holding a flow takes. Nothing here asks the source, which may be gone. */
export interface HoldPorts extends LiftPorts {
  /** @param deadline ms since the epoch; it answers `stopped` by then */
  hold(partition: FlowPartition, item: TopicItem, order: HoldOrder, deadline: number): Promise<HoldResult>;
}
