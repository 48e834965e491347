import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { packVariable } from '../../../shared/adapters/lambda/packed-variable.ts';
import { flowName } from '../../../shared/flow/flow.ts';
import { CALL_SECONDS } from '../../../shared/runbook/machine.ts';
import { parameterName } from '../../../shared/runbook/registry/published-entry.ts';
import type { CausewayFunction } from '../causeway-function.ts';
import { MAX_CONFIGURATION_BYTES } from '../check-props.ts';
import { flowFunction } from '../flow-function.ts';
import { DEFAULT_PREFIX } from '../names.ts';
import type { FlowNetwork } from '../network.ts';
import * as login from '../permissions.ts';
import type { ReplicationFlowProps } from '../props.ts';
import { moveApplications } from './kafka-permissions.ts';
import * as aws from './permissions.ts';
import { partsOf, reversePartsOf } from './reverse-flow.ts';

const MEMORY_MB = 1_024;

export interface RunbookFunctionProps {
  readonly registry: { readonly name: string; readonly arn: string };
  readonly reports: Bucket;
  /** Names of the state machines that call it. */
  readonly machines: readonly string[];
}

/** The function that has the stages of all runbooks of the flow. */
export function makeRunbookFunction(
  scope: Construct,
  props: ReplicationFlowProps,
  network: FlowNetwork | undefined,
  { registry, reports, machines }: RunbookFunctionProps,
): CausewayFunction {
  const { namePrefix = DEFAULT_PREFIX, flow, source, target } = props;
  const own = partsOf(scope, props);
  const reverse = reversePartsOf(scope, props);
  return flowFunction(scope, props, 'runbook', network, {
    description: `Causeway ${flowName(flow)}: stages of switchover, failover, failback and drill`,
    memoryMb: MEMORY_MB,
    timeoutSeconds: CALL_SECONDS,
    environment: {
      REGISTRY_TABLE: registry.name,
      REGISTRY_PARAMETER: parameterName(namePrefix, flow),
      REPORT_BUCKET: reports.bucketName,
      ...(props.runbooks?.fenceByAcls && { FENCE_BY_ACLS: 'true' }),
      REPLICATE_FUNCTION: own.replicate,
      REPLICATE_REGION: own.replicateRegion,
      ...(reverse !== undefined && {
        REVERSE_OFFSET_MAP_TABLE: reverse.offsetMapTable,
        REVERSE_OFFSET_MAP_REGION: reverse.offsetMapRegion,
        REVERSE_REPLICATE_FUNCTION: reverse.replicate,
        REVERSE_REPLICATE_REGION: reverse.replicateRegion,
        REVERSE_REGISTRY_TABLE: reverse.registryTable,
      }),
      ...reverseTopics(props),
    },
    polled: false,
    grants: [
      ...moveApplications(props),
      ...login.logIn('besideTarget', source, target),
      ...aws.useRegistry(registry.arn, props.offsetMapKeyArn),
      ...aws.stopAndStart(scope, own),
      ...(reverse === undefined
        ? []
        : [...aws.stopAndStart(scope, reverse), ...aws.lookAtRegistry(reverse.registryArn, reverse.offsetMapKeyArn)]),
      ...aws.switchConsumers(scope, props),
      ...aws.listMappings(),
      ...aws.lookAtExecutions(scope, machines),
      ...aws.publish(scope, props),
      ...aws.writeReports(reports),
    ],
  });
}

/** Beside a long configuration there is no room for it: a failback then does without. */
function reverseTopics({ reverse, configuration }: ReplicationFlowProps): Readonly<Record<string, string>> {
  if (reverse?.topicChoice === undefined) return {};
  const packed = packVariable(reverse.topicChoice);
  return packed.length + packVariable(configuration).length > MAX_CONFIGURATION_BYTES ? {} : { REVERSE_TOPICS: packed };
}
