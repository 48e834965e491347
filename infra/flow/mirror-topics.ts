import { HEARTBEATS_TOPIC } from '../../shared/policy/replication-policy.ts';
import type { ReplicationFlowProps } from './props.ts';

/** Where `checkpoint` writes on the target. */
export function checkpointsTopicOf({ flow, checkpointsTopic }: ReplicationFlowProps): string {
  return checkpointsTopic ?? `${flow.source}.checkpoints.internal`;
}

/** Where the source's heartbeats arrive on the target. */
export function heartbeatsCopyOf({ flow, heartbeatsCopy }: ReplicationFlowProps): string {
  return heartbeatsCopy ?? `${flow.source}.${HEARTBEATS_TOPIC}`;
}
