import { CausewayError, messageOf } from '../flow/errors.ts';
import { describePartition, type FlowId, type FlowPartition, flowName } from '../flow/flow.ts';

/** The target does not say how many partitions its topics have. */
export class PartitionsUnknown extends CausewayError {
  readonly code = 'PARTITIONS_UNKNOWN';
  readonly retriable = true;

  constructor(flow: FlowId, cause: unknown) {
    super(
      `${flowName(flow)}: ${flow.target} does not say how many partitions the remote topics have: ${messageOf(cause)}`,
      {
        safe: 'Partitions that were there when the topics were last looked at are held or lifted as asked.',
        next: `Check that the brokers of ${flow.target} answer. Then run the stage again.`,
        cause,
      },
    );
  }
}

/** A partition could not be held, or its hold not be lifted, for a reason that has no error of its own. */
export class HoldNotChanged extends CausewayError {
  readonly code = 'HOLD_NOT_CHANGED';
  readonly retriable = true;

  constructor(partition: FlowPartition, cause: unknown) {
    super(`${describePartition(partition)}: its hold could not be changed: ${messageOf(cause)}`, {
      safe: 'Other partitions are held or lifted as asked. Nothing is lost or copied twice.',
      next: 'Run the stage again; if it stays, the message names what the cluster or the table refuses.',
      cause,
    });
  }
}

/** The time was over before the partition was begun. */
export class HoldTimeOver extends CausewayError {
  readonly code = 'HOLD_TIME_OVER';
  readonly retriable = true;

  constructor(partition: FlowPartition) {
    super(`${describePartition(partition)}: the time was over before it was its turn`, {
      safe: 'It is as it was. Partitions before it are held or lifted as asked.',
      next: 'Call again: what is done already costs little.',
    });
  }
}
