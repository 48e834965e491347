import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { packVariable } from '../../shared/adapters/lambda/packed-variable.ts';
import { bundleFunction } from './bundle.ts';
import { CausewayFunction, type CausewayFunctionProps } from './causeway-function.ts';
import { DEFAULT_PREFIX, offsetMapName, physicalName } from './names.ts';
import type { FlowNetwork } from './network.ts';
import type { FunctionName, ReplicationFlowProps } from './props.ts';

const IDS: Readonly<Record<FunctionName, string>> = {
  replicate: 'Replicate',
  reconcile: 'Reconcile',
  checkpoint: 'Checkpoint',
  heartbeat: 'Heartbeat',
  monitor: 'Monitor',
  translate: 'Translate',
  verify: 'Verify',
  runbook: 'Runbook',
  'plan-step': 'PlanStep',
};

/** What one of a flow's functions has of its own. */
export type OwnProps = Omit<CausewayFunctionProps, 'functionName' | 'codeFolder' | 'logRetention' | 'network'>;

/** One of a flow's functions, with the flow's configuration and the names of what the halves share. */
export function flowFunction(
  scope: Construct,
  props: ReplicationFlowProps,
  name: FunctionName,
  network: FlowNetwork | undefined,
  own: OwnProps,
): CausewayFunction {
  return new CausewayFunction(scope, IDS[name], {
    ...own,
    functionName: physicalName(props.namePrefix ?? DEFAULT_PREFIX, props.flow, name),
    codeFolder: codeFolder(props, name),
    logRetention: props.logRetentionDays ?? RetentionDays.ONE_MONTH,
    network,
    environment: {
      FLOW: packVariable(props.configuration),
      OFFSET_MAP_TABLE: offsetMapName(props),
      OFFSET_MAP_REGION: props.target.region,
      POWERTOOLS_SERVICE_NAME: name,
      ...(props.detailedMetrics === true && { DETAILED_METRICS: 'true' }),
      ...own.environment,
    },
  });
}

export function codeFolder({ codeFolders }: ReplicationFlowProps, name: FunctionName): string {
  return codeFolders?.[name] ?? bundleFunction(name);
}
