import { Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { flowName } from '../shared/flow/flow.ts';
import type { ReplicationFlowProps } from './flow/props.ts';
import { ReplicationFlow } from './flow/replication-flow.ts';

export interface RegionStackProps extends StackProps {
  readonly region: string;
  /** All flows of the configuration; those without a half in this region are passed over. */
  readonly flows: readonly ReplicationFlowProps[];
}

/** One region's share of a configuration: `Causeway-<region>`. */
export class RegionStack extends Stack {
  readonly flows: readonly ReplicationFlow[];

  constructor(scope: Construct, id: string, { region, flows, ...props }: RegionStackProps) {
    super(scope, id, {
      ...props,
      env: { ...props.env, region },
      description: `Causeway: Kafka replication, the halves of flows that belong in ${region}`,
    });
    this.flows = flows
      .filter((flow) => regionsOf([flow]).includes(region))
      .map((flow) => new ReplicationFlow(this, constructId(flow), flow));
    Tags.of(this).add('application', 'causeway');
  }
}

/** Regions that the flows have halves in, in order. */
export function regionsOf(flows: readonly ReplicationFlowProps[]): readonly string[] {
  const regions = flows.flatMap(({ source, target, heartbeatsOnly = false }) =>
    heartbeatsOnly ? [target.region] : [source.region, target.region],
  );
  return [...new Set(regions)].sort();
}

/** A construct id holds no slash. */
function constructId({ flow }: ReplicationFlowProps): string {
  return flowName(flow).replaceAll('/', '|');
}
