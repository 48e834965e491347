import type { Construct } from 'constructs';
import { flowName } from '../../shared/flow/flow.ts';
import type { CausewayFunction } from './causeway-function.ts';
import { callEveryMinute } from './every-minute.ts';
import { flowFunction } from './flow-function.ts';
import * as kafka from './kafka-permissions-beside-target.ts';
import { lookAtGroups } from './look-at-groups.ts';
import { heartbeatsCopyOf } from './mirror-topics.ts';
import type { FlowNetwork } from './network.ts';
import { offsetMapArn } from './offset-map.ts';
import * as aws from './permissions.ts';
import type { ReplicationFlowProps } from './props.ts';

/** Two clusters that do not answer, one after the other, and the records that are behind. */
const TIMEOUT_S = 55;
const MEMORY_MB = 512;

/** Reads each minute how far the flow's topics and groups are behind, source end to target end. */
export function makeMonitor(
  scope: Construct,
  props: ReplicationFlowProps,
  network: FlowNetwork | undefined,
): CausewayFunction {
  const { flow, source, target } = props;
  const description = `Causeway ${flowName(flow)}: tells how far it is behind`;
  const table = offsetMapArn(scope, props);
  const monitor = flowFunction(scope, props, 'monitor', network, {
    description,
    memoryMb: MEMORY_MB,
    timeoutSeconds: TIMEOUT_S,
    environment: {},
    polled: false,
    grants: [
      ...lookAtGroups(props, table),
      ...kafka.readOldestRecords(source),
      ...kafka.readTopic(target, heartbeatsCopyOf(props)),
      ...aws.keepOwnItems('monitor', table, props.offsetMapKeyArn),
    ],
  });
  callEveryMinute(scope, 'MonitorEveryMinute', monitor, { action: 'monitor' }, description);
  return monitor;
}
