import type { Construct } from 'constructs';
import { flowName } from '../../shared/flow/flow.ts';
import { HEARTBEATS_TOPIC } from '../../shared/policy/replication-policy.ts';
import type { CausewayFunction } from './causeway-function.ts';
import { callEveryMinute } from './every-minute.ts';
import { flowFunction } from './flow-function.ts';
import * as kafka from './kafka-permissions-beside-target.ts';
import { heartbeatsCopyOf } from './mirror-topics.ts';
import type { FlowNetwork } from './network.ts';
import { offsetMapArn } from './offset-map.ts';
import * as aws from './permissions.ts';
import type { ReplicationFlowProps } from './props.ts';
import { registryArn, registryName } from './registry.ts';
import { noteSourceEnds } from './runbooks/permissions.ts';

/** A run lasts a minute; what is left is for its last heartbeat. */
const TIMEOUT_S = 90;
const MEMORY_MB = 256;

/** Writes the flow's heartbeats and, where it copies topics, watches its source; called each minute. */
export function makeHeartbeat(
  scope: Construct,
  props: ReplicationFlowProps,
  network: FlowNetwork | undefined,
): CausewayFunction {
  const { flow, source, target, heartbeatsOnly = false, offsetMapKeyArn: key } = props;
  const description = `Causeway ${flowName(flow)}: heartbeats`;
  const watching = [
    ...kafka.readTopic(target, heartbeatsCopyOf(props)),
    ...kafka.watchTopics(source),
    ...aws.readOffsetMap(offsetMapArn(scope, props), key),
    ...noteSourceEnds(registryArn(scope, props), key),
  ];
  const heartbeat = flowFunction(scope, props, 'heartbeat', network, {
    description,
    memoryMb: MEMORY_MB,
    timeoutSeconds: TIMEOUT_S,
    environment: { REGISTRY_TABLE: registryName(props) },
    polled: false,
    grants: [
      ...kafka.keepMirrorTopic(target, HEARTBEATS_TOPIC),
      ...(heartbeatsOnly ? [] : watching),
      ...aws.logIn('besideTarget', ...(heartbeatsOnly ? [target] : [source, target])),
    ],
  });
  callEveryMinute(scope, 'HeartbeatEveryMinute', heartbeat, { action: 'heartbeat' }, description);
  return heartbeat;
}
