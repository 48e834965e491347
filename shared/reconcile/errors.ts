import { CausewayError } from '../flow/errors.ts';
import { type FlowId, flowName } from '../flow/flow.ts';

/** Two source topics lead to one remote topic. */
export class RemoteNameTakenError extends CausewayError {
  override readonly code = 'REMOTE_NAME_TAKEN';
  override readonly retriable = false;

  constructor(flow: FlowId, topic: string, remoteTopic: string, owner: string) {
    super(`${flowName(flow)} ${topic}: its remote topic ${remoteTopic} is also that of ${owner}`, {
      safe: `Nothing of ${topic} is copied; a topic that was being copied to ${remoteTopic} still is.`,
      next: `Exclude one of the two with ${flowName(flow)}.topics.exclude, or change the replication policy.`,
    });
  }
}

/** The replication policy makes a name that no broker takes. */
export class RemoteNameInvalidError extends CausewayError {
  override readonly code = 'REMOTE_NAME_INVALID';
  override readonly retriable = false;

  constructor(flow: FlowId, topic: string, remoteTopic: string) {
    super(
      `${flowName(flow)} ${topic}: a broker takes no topic named ${remoteTopic} (${remoteTopic.length} characters)`,
      {
        safe: `Nothing of ${topic} is copied; other topics are.`,
        next: `Exclude it with ${flowName(flow)}.topics.exclude, or shorten the alias, pattern or separator.`,
      },
    );
  }
}

/** A topic is seen for the first time and its remote topic already holds records. */
export class RemoteTopicNotEmptyError extends CausewayError {
  override readonly code = 'REMOTE_TOPIC_NOT_EMPTY';
  override readonly retriable = false;

  constructor(flow: FlowId, topic: string, remoteTopic: string) {
    super(`${flowName(flow)} ${topic}: its remote topic ${remoteTopic} already holds records of somebody else`, {
      safe: 'Nothing is written to it: replicate refuses a partition that is not empty on a one-way flow.',
      next: `Find out who wrote to ${remoteTopic}; delete it if its records are not needed, and it is made anew and filled.`,
    });
  }
}

/** A step for one topic did not succeed; it is planned again at the next look. */
export class ReconcileStepError extends CausewayError {
  override readonly code = 'RECONCILE_STEP_FAILED';
  override readonly retriable = true;

  constructor(flow: FlowId, topic: string, step: string, cause: unknown) {
    super(`${flowName(flow)} ${topic}: ${step} failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      safe: 'What is being copied goes on; other topics are not affected.',
      next: 'It is tried again at the next look. If it stays, the cause names what the cluster or Lambda refuses.',
      cause,
    });
  }
}

/** Mappings were still there when the time to remove them was over. */
export class MappingsRemainError extends CausewayError {
  override readonly code = 'MAPPINGS_REMAIN';
  override readonly retriable = true;

  constructor(flow: FlowId, uuids: readonly string[]) {
    super(`${flowName(flow)}: ${uuids.length} event source mappings are still being deleted: ${uuids.join(', ')}`, {
      safe: 'They are disabled by Lambda while it deletes them. No records are lost: offsets stay committed.',
      next: 'Delete the stack again; or wait until `aws lambda list-event-source-mappings` no longer shows them.',
    });
  }
}
