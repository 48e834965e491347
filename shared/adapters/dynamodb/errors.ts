import { CausewayError, messageOf } from '../../flow/errors.ts';
import { describePartition, type FlowId, type FlowPartition, flowName } from '../../flow/flow.ts';

/** An item of the offset map is not one that Causeway wrote. */
export class OffsetMapCorrupt extends CausewayError {
  readonly code = 'OFFSET_MAP_CORRUPT';
  readonly retriable = false;
  constructor(partition: FlowPartition, key: string, cause: unknown) {
    const reason = messageOf(cause);
    super(`${describePartition(partition)}: item ${key} of the offset map cannot be understood: ${reason}`, {
      safe: 'Nothing was written to this partition and its records stay in the source. Other partitions go on.',
      next: 'Restore the item from a point-in-time copy of the table, or delete the remote topic to have it copied anew.',
      cause,
    });
  }
}

/** An item under the flow's own partition key is not one that Causeway wrote. */
export class RegistryCorrupt extends CausewayError {
  readonly code = 'REGISTRY_CORRUPT';
  readonly retriable = false;

  constructor(flow: FlowId, key: string, cause: unknown) {
    const reason = messageOf(cause);
    super(`${flowName(flow)}: item ${key} of the offset map's table cannot be understood: ${reason}`, {
      safe: 'Nothing was changed: no mapping was made or removed, and records stay in the source.',
      next: 'Restore the item from a point-in-time copy of the table.',
      cause,
    });
  }
}
