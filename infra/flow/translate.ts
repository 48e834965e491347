import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { flowName } from '../../shared/flow/flow.ts';
import type { CausewayFunction } from './causeway-function.ts';
import { flowFunction } from './flow-function.ts';
import { lookAtGroups } from './look-at-groups.ts';
import type { FlowNetwork } from './network.ts';
import { offsetMapArn } from './offset-map.ts';
import type { ReplicationFlowProps } from './props.ts';

/** A map in many runs, a source that does not answer and the checkpoints that stand in for it, one after the other. */
const TIMEOUT_S = 30;
const MEMORY_MB = 512;

/** Answers where a group or an offset is on the other cluster, to whoever IAM lets invoke it or ask its URL. */
export function makeTranslate(
  scope: Construct,
  props: ReplicationFlowProps,
  network: FlowNetwork | undefined,
): { readonly translate: CausewayFunction; readonly url: string } {
  const table = offsetMapArn(scope, props);
  const translate = flowFunction(scope, props, 'translate', network, {
    description: `Causeway ${flowName(props.flow)}: translates groups and offsets`,
    memoryMb: MEMORY_MB,
    timeoutSeconds: TIMEOUT_S,
    environment: {},
    polled: false,
    grants: [
      ...lookAtGroups(props, table),
      { statement: new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [table] }) },
    ],
  });
  const { url } = translate.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
  return { translate, url };
}
