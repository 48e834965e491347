import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { flowName } from '../../shared/flow/flow.ts';
import { HEARTBEATS_TOPIC } from '../../shared/policy/replication-policy.ts';
import type { CausewayFunction } from './causeway-function.ts';
import { callEveryMinute } from './every-minute.ts';
import { flowFunction } from './flow-function.ts';
import type { Grant } from './grant.ts';
import { kafkaGrants } from './kafka-permissions.ts';
import * as kafka from './kafka-permissions-beside-target.ts';
import { DEFAULT_PREFIX, physicalName } from './names.ts';
import type { FlowNetwork } from './network.ts';
import { offsetMapArn } from './offset-map.ts';
import * as aws from './permissions.ts';
import type { ReplicationFlowProps } from './props.ts';

/** A run lasts a minute; what is left is for its last heartbeat. */
const TIMEOUT_S = 90;
const MEMORY_MB = 256;

/** Writes the flow's heartbeats and, where it copies topics, watches its source; called each minute. */
export function makeHeartbeat(
  scope: Construct,
  props: ReplicationFlowProps,
  network: FlowNetwork | undefined,
): CausewayFunction {
  const { flow, source, target, heartbeatsOnly = false, heartbeatsCopy = `${flow.source}.${HEARTBEATS_TOPIC}` } = props;
  const { namePrefix = DEFAULT_PREFIX, offsetMapKeyArn } = props;
  const registryTable = physicalName(namePrefix, flow, 'registry');
  const description = `Causeway ${flowName(flow)}: heartbeats`;
  const watching = [
    ...kafka.readTopic(target, heartbeatsCopy),
    ...kafkaGrants(source, {
      cluster: { actions: ['Connect'] },
      topic: { actions: ['DescribeTopic'], name: '*' },
    }),
    ...aws.readOffsetMap(offsetMapArn(scope, props), offsetMapKeyArn),
    ...keepSourceEnds(scope, props, registryTable),
  ];
  const heartbeat = flowFunction(scope, props, 'heartbeat', network, {
    description,
    memoryMb: MEMORY_MB,
    timeoutSeconds: TIMEOUT_S,
    environment: { REGISTRY_TABLE: registryTable },
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

/** The one item in the flow's registry table that tells where the source's topics end. */
function keepSourceEnds(scope: Construct, props: ReplicationFlowProps, resourceName: string): Grant[] {
  const { target, offsetMapKeyArn: key } = props;
  const table = Stack.of(scope).formatArn({
    service: 'dynamodb',
    region: target.region,
    resource: 'table',
    resourceName,
  });
  const statements = [
    { actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [table] },
    { actions: ['kms:Encrypt', 'kms:GenerateDataKey'], resources: key === undefined ? [] : [key] },
  ];
  return statements
    .filter(({ resources }) => resources.length > 0)
    .map((statement) => ({ statement: new PolicyStatement(statement) }));
}
