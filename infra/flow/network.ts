import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { brokerPorts } from './brokers.ts';
import type { FlowCluster, FlowVpc } from './props.ts';

const HTTPS = 443;

export interface FlowNetworkProps {
  readonly vpc: FlowVpc;
  /** The cluster whose brokers are in this VPC. */
  readonly local: FlowCluster;
  /** The cluster at the other end of the flow. */
  readonly remote: FlowCluster;
  readonly description: string;
}

/** Where a flow's functions stand, and which doors are open between them and the brokers. */
export class FlowNetwork extends Construct {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];

  constructor(scope: Construct, id: string, props: FlowNetworkProps) {
    super(scope, id);
    const { vpc, local } = props;
    this.subnetIds = vpc.subnetIds;
    this.securityGroupIds = vpc.securityGroupIds ?? [this.#functionsGroup(props)];
    if (vpc.brokerSecurityGroupId !== undefined)
      this.#openBrokers(vpc.brokerSecurityGroupId, brokerPorts(local), props.description);
  }

  /** Puts `fn` into the VPC. */
  place(fn: LambdaFunction): void {
    const resource = fn.node.defaultChild;
    if (!CfnResource.isCfnResource(resource)) throw new TypeError(`${fn.node.path} has no CloudFormation resource`);
    resource.addPropertyOverride('VpcConfig', { SubnetIds: this.subnetIds, SecurityGroupIds: this.securityGroupIds });
  }

  #functionsGroup({ vpc, local, remote, description }: FlowNetworkProps): string {
    const ports = [...new Set([...brokerPorts(local), ...brokerPorts(remote), HTTPS])];
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

  #openBrokers(groupId: string, ports: readonly number[], description: string): void {
    const callers = new Map(this.securityGroupIds.map((id, index) => [`Functions${index}`, id]));
    // Lambda's pollers of an MSK source stand in the cluster's own security group.
    callers.set('Pollers', groupId);
    for (const [caller, sourceSecurityGroupId] of callers)
      for (const port of ports)
        new CfnSecurityGroupIngress(this, `${caller}To${port}`, {
          groupId,
          sourceSecurityGroupId,
          ipProtocol: 'tcp',
          fromPort: port,
          toPort: port,
          description: `${description}: ${caller.startsWith('Functions') ? 'functions' : 'pollers'} of ${Stack.of(this).stackName}`,
        });
  }
}
