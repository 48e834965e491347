import { ArnFormat, CfnOutput, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { packVariable } from '../../../shared/adapters/lambda/packed-variable.ts';
import { flowName } from '../../../shared/flow/flow.ts';
import type { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { CausewayFunction } from '../causeway-function.ts';
import { codeFolder } from '../flow-function.ts';
import type { Grant } from '../grant.ts';
import { DEFAULT_PREFIX, physicalName } from '../names.ts';
import type { ReplicationFlowProps } from '../props.ts';
import { registryArn, registryName } from '../registry.ts';
import { lookAtRegistry } from './permissions.ts';

const MEMORY_MB = 256;
/** Lambda's limit. A run that takes longer is followed by the next call. */
const TIMEOUT_S = 900;

/**
 * A function that starts one runbook and follows it, for a plan such as ARC Region switch has. It reaches nothing but the
 * target region's Step Functions and registry, so it is in no VPC.
 */
export function makePlanStep(scope: Construct, props: ReplicationFlowProps, kind: RunbookKind): CausewayFunction {
  const { namePrefix = DEFAULT_PREFIX, flow, target, logRetentionDays = RetentionDays.ONE_MONTH } = props;
  const id = `${kind[0]?.toUpperCase()}${kind.slice(1)}Step`;
  const machine = physicalName(namePrefix, flow, kind);
  const description = `Causeway ${flowName(flow)}: ${kind} as a step of a plan`;
  const step = new CausewayFunction(scope, id, {
    functionName: physicalName(namePrefix, flow, `${kind}-step`),
    description,
    codeFolder: codeFolder(props, 'plan-step'),
    memoryMb: MEMORY_MB,
    timeoutSeconds: TIMEOUT_S,
    environment: {
      FLOW: packVariable(props.configuration),
      RUNBOOK: kind,
      STATE_MACHINE: arnOf(scope, props, 'stateMachine', machine),
      REGISTRY_TABLE: registryName(props),
      REGISTRY_REGION: target.region,
      POWERTOOLS_SERVICE_NAME: 'plan-step',
    },
    logRetention: logRetentionDays,
    network: undefined,
    polled: false,
    grants: [
      ...startAndFollow(scope, props, machine),
      ...lookAtRegistry(registryArn(scope, props), props.offsetMapKeyArn),
    ],
  });
  new CfnOutput(scope, `${id}Function`, { value: step.function.functionArn, description });
  return step;
}

function startAndFollow(scope: Construct, props: ReplicationFlowProps, machine: string): Grant[] {
  const statement = (actions: string[], resource: string, name: string) =>
    new PolicyStatement({ actions, resources: [arnOf(scope, props, resource, name)] });
  return [
    { statement: statement(['states:StartExecution', 'states:ListExecutions'], 'stateMachine', machine) },
    {
      statement: statement(['states:DescribeExecution'], 'execution', `${machine}:*`),
      wildcardBecause: 'An execution is named when it is started.',
    },
  ];
}

/** In the target's region, wherever the step is. */
function arnOf(scope: Construct, { target }: ReplicationFlowProps, resource: string, resourceName: string): string {
  const { region } = target;
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return Stack.of(scope).formatArn({ service: 'states', region, resource, resourceName, arnFormat });
}
