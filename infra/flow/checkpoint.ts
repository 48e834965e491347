import type { Construct } from 'constructs';
import { flowName } from '../../shared/flow/flow.ts';
import type { CausewayFunction } from './causeway-function.ts';
import { callEveryMinute } from './every-minute.ts';
import { flowFunction } from './flow-function.ts';
import * as kafka from './kafka-permissions-beside-target.ts';
import { checkpointsTopicOf } from './mirror-topics.ts';
import type { FlowNetwork } from './network.ts';
import { offsetMapArn } from './offset-map.ts';
import * as aws from './permissions.ts';
import type { ReplicationFlowProps } from './props.ts';

/** A run lasts a minute; what is left is for its last tick, which a silent cluster can make long. */
const TIMEOUT_S = 120;
const DEFAULT_MEMORY_MB = 512;

/** Carries the flow's consumer groups over, called each minute. */
export function makeCheckpoint(
  scope: Construct,
  props: ReplicationFlowProps,
  network: FlowNetwork | undefined,
): CausewayFunction {
  const { flow, source, target, remoteTopics = '*', commitOffsets = false } = props;
  const description = `Causeway ${flowName(flow)}: carries consumer groups over`;
  const checkpoint = flowFunction(scope, props, 'checkpoint', network, {
    description,
    memoryMb: props.checkpointMemoryMb ?? DEFAULT_MEMORY_MB,
    timeoutSeconds: TIMEOUT_S,
    environment: {},
    polled: false,
    grants: [
      ...kafka.readGroups(source),
      ...kafka.carryGroupsOver(target, remoteTopics, commitOffsets),
      ...kafka.keepMirrorTopic(target, checkpointsTopicOf(props)),
      ...aws.logIn('besideTarget', source, target),
      ...aws.readOffsetMap(offsetMapArn(scope, props), props.offsetMapKeyArn),
    ],
  });
  callEveryMinute(scope, 'CheckpointEveryMinute', checkpoint, { action: 'checkpoint' }, description);
  return checkpoint;
}
