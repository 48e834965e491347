import type { OffsetsOfGroups } from '../../groups/committed-offsets.ts';
import type { GroupListing } from '../../groups/group.ts';
import type { OffsetMapView, PartitionLogs } from '../../groups/ports.ts';
import type { Heads } from '../ports/flow.ts';
import type { Ways } from './ways.ts';

/** Everything that says where groups go on. */
export interface MoveFacts {
  readonly ways: Ways;
  /** Of the groups on the cluster that is left, by its names. */
  readonly offsets: OffsetsOfGroups<number>;
  /** Those of `offsets` that the cluster did not tell: where its groups were some time before. */
  readonly recalled: OffsetsOfGroups<number>;
  readonly forwardMap: OffsetMapView;
  /** Of the flow that goes the way of the runbook, where it shares a topic with the one that comes back. */
  readonly heads: Heads;
  readonly backwardMap: OffsetMapView | undefined;
  /** Undefined while the cluster that is left does not answer. */
  readonly fromLogs: PartitionLogs<number> | undefined;
  readonly toLogs: PartitionLogs<number>;
  readonly toListing: GroupListing;
  readonly toOffsets: OffsetsOfGroups<number>;
}
