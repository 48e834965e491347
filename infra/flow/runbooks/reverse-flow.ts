import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DEFAULT_PREFIX, offsetMapName, physicalName } from '../names.ts';
import { offsetMapArn } from '../offset-map.ts';
import type { ReplicationFlowProps } from '../props.ts';
import { registryArn, registryName } from '../registry.ts';

/** What a flow's runbooks use of a flow: its offset map, beside its target, and its `replicate`, beside its source. */
export interface FlowParts {
  readonly offsetMapTable: string;
  readonly offsetMapRegion: string;
  readonly offsetMapArn: string;
  readonly offsetMapKeyArn: string | undefined;
  /** Beside the offset map, as is its key. */
  readonly registryTable: string;
  readonly registryArn: string;
  /** ARN of the function. */
  readonly replicate: string;
  readonly replicateRegion: string;
}

/** By name: half of it is another region's stack's. */
export function partsOf(scope: Construct, props: ReplicationFlowProps): FlowParts {
  const { namePrefix = DEFAULT_PREFIX, flow, source, target } = props;
  const replicate = Stack.of(scope).formatArn({
    service: 'lambda',
    region: source.region,
    resource: 'function',
    resourceName: physicalName(namePrefix, flow, 'replicate'),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return {
    offsetMapTable: offsetMapName(props),
    offsetMapRegion: target.region,
    offsetMapArn: offsetMapArn(scope, props),
    offsetMapKeyArn: props.offsetMapKeyArn,
    registryTable: registryName(props),
    registryArn: registryArn(scope, props),
    replicate,
    replicateRegion: source.region,
  };
}

/** Of the flow from this one's target to its source; undefined where the configuration enables none. */
export function reversePartsOf(scope: Construct, props: ReplicationFlowProps): FlowParts | undefined {
  const { flow, source, target, reverse, offsetMapKeyArn: _, ...rest } = props;
  if (reverse === undefined) return undefined;
  const opposite = { source: flow.target, target: flow.source };
  return partsOf(scope, { ...rest, ...reverse, flow: opposite, source: target, target: source });
}
