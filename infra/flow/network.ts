import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup, type CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { openDoor } from './broker-door.ts';
import { brokerPorts } from './brokers.ts';
import type { FlowCluster, FlowVpc } from './props.ts';

const HTTPS = 443;

export interface FlowNetworkProps {
  readonly vpc: FlowVpc;
  /** The cluster whose brokers are in this VPC. */
  readonly local: FlowCluster;
  /** The cluster at the other end of the flow; undefined: nobody goes there. */
  readonly remote: FlowCluster | undefined;
  readonly description: string;
  /** Whether Lambda's pollers of `local`, who stand in the brokers' own security group, come in as well. */
  readonly pollers: boolean;
}

/** Where a flow's functions stand, and which doors are open between them and the brokers. */
export class FlowNetwork extends Construct {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** What has to stand for as long as somebody goes in and out. */
  readonly doors: readonly CfnSecurityGroupIngress[];

  constructor(scope: Construct, id: string, props: FlowNetworkProps) {
    super(scope, id);
    const { vpc, local, remote } = props;
    this.subnetIds = vpc.subnetIds;
    this.securityGroupIds = vpc.securityGroupIds ?? [this.#functionsGroup(props)];
    const functions = new Map(this.securityGroupIds.map((id, index) => [`Functions${index}`, id]));
    // Lambda's pollers of an MSK source stand in the cluster's own security group.
    const pollers = props.pollers ? local.brokerSecurityGroupId : undefined;
    const callers = pollers === undefined ? functions : new Map([...functions, ['Pollers', pollers]]);
    const doors = this.#openBrokers(local, callers, props.description);
    // A rule cannot name a group of another region.
    const near = remote?.region === local.region ? remote : undefined;
    this.doors = [...doors, ...(near ? this.#openBrokers(near, functions, props.description, 'Remote') : [])];
  }

  /** Puts `fn` into the VPC. */
  place(fn: LambdaFunction): void {
    const resource = fn.node.defaultChild;
    if (!CfnResource.isCfnResource(resource)) throw new TypeError(`${fn.node.path} has no CloudFormation resource`);
    resource.addPropertyOverride('VpcConfig', { SubnetIds: this.subnetIds, SecurityGroupIds: this.securityGroupIds });
  }

  #functionsGroup({ vpc, local, remote, description }: FlowNetworkProps): string {
    const ports = [...new Set([...brokerPorts(local), ...(remote ? brokerPorts(remote) : []), HTTPS])];
    const group = new CfnSecurityGroup(this, 'Functions', {
      ...(vpc.vpcId !== undefined && { vpcId: vpc.vpcId }),
      groupDescription: `${description}: functions`,
      securityGroupEgress: ports.map((port) => ({
        cidrIp: '0.0.0.0/0',
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        description: port === HTTPS ? 'AWS APIs' : 'Kafka brokers',
      })),
    });
    return group.attrGroupId;
  }

  /** @param idPrefix keeps the rules of two clusters apart */
  #openBrokers(
    cluster: FlowCluster,
    callers: ReadonlyMap<string, string>,
    description: string,
    idPrefix = '',
  ): CfnSecurityGroupIngress[] {
    const { brokerSecurityGroupId: groupId } = cluster;
    if (groupId === undefined) return [];
    return [...callers].flatMap(([caller, callerGroupId]) =>
      brokerPorts(cluster).map((port) =>
        openDoor(this, `${idPrefix}${caller}To${port}`, {
          groupId,
          callerGroupId,
          port,
          description: `${description}: functions of ${Stack.of(this).stackName}`,
        }),
      ),
    );
  }
}
