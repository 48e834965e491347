import type { Construct } from 'constructs';
import { flowName } from '../../shared/flow/flow.ts';
import { DEFAULT_VERIFY_MINUTES } from '../../shared/metrics/alarms.ts';
import type { CausewayFunction } from './causeway-function.ts';
import { callEvery } from './every-minute.ts';
import { flowFunction } from './flow-function.ts';
import * as kafka from './kafka-permissions-beside-target.ts';
import type { FlowNetwork } from './network.ts';
import { offsetMapArn } from './offset-map.ts';
import * as aws from './permissions.ts';
import type { ReplicationFlowProps } from './props.ts';

/** Lambda's limit: a run ends before, and before the next one begins. */
const TIMEOUT_S = 900;
/** One CPU: comparing uses one. */
export const VERIFY_MEMORY_MB = 1_769;

/** Compares both logs of the flow's topics as they are replicated. */
export function makeVerify(
  scope: Construct,
  props: ReplicationFlowProps,
  network: FlowNetwork | undefined,
): CausewayFunction {
  const { flow, source, target, remoteTopics = '*', offsetMapKeyArn, verify: { everyMinutes } = {} } = props;
  const description = `Causeway ${flowName(flow)}: compares both logs`;
  const table = offsetMapArn(scope, props);
  const verify = flowFunction(scope, props, 'verify', network, {
    description,
    memoryMb: VERIFY_MEMORY_MB,
    timeoutSeconds: TIMEOUT_S,
    environment: {},
    polled: false,
    grants: [
      ...kafka.compareTopics(source, '*'),
      ...kafka.compareTopics(target, remoteTopics),
      ...aws.logIn('besideTarget', source, target),
      ...aws.readOffsetMap(table, offsetMapKeyArn, 'GetItem'),
      ...aws.keepOwnItems('verify', table, offsetMapKeyArn),
    ],
  });
  const minutes = everyMinutes ?? DEFAULT_VERIFY_MINUTES;
  callEvery(scope, 'VerifySchedule', verify, { action: 'verify' }, { description, minutes });
  return verify;
}
