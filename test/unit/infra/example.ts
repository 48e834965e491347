import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { FlowCluster, ReplicationFlowProps } from '../../../infra/flow/props.ts';
import { ReplicationFlow } from '../../../infra/flow/replication-flow.ts';
import { temporaryFolder } from './written.ts';

export const EAST_ARN = 'arn:aws:kafka:us-east-1:111122223333:cluster/east/0e0e0e0e-1111-2222-3333-444444444444-1';
export const WEST_ARN = 'arn:aws:kafka:us-west-2:111122223333:cluster/west/0f0f0f0f-1111-2222-3333-444444444444-1';

/** Code that is the same everywhere, so that snapshots are. */
const code = fileURLToPath(new URL('code', import.meta.url));
export const CODE = {
  ...{
    replicate: code,
    reconcile: code,
    checkpoint: code,
    heartbeat: code,
    monitor: code,
    translate: code,
    verify: code,
    runbook: code,
  },
  'plan-step': code,
};

export const EAST: FlowCluster = {
  region: 'us-east-1',
  bootstrapServers: ['b-1.east.example:9098', 'b-2.east.example:9098'],
  authentication: 'iam',
  clusterArn: EAST_ARN,
  vpc: {
    vpcId: 'vpc-0e0e0e0e',
    subnetIds: ['subnet-0e0e0e01', 'subnet-0e0e0e02'],
  },
  brokerSecurityGroupId: 'sg-0e0e0e0e',
};

export const WEST: FlowCluster = {
  region: 'us-west-2',
  bootstrapServers: ['b-1.west.example:9098'],
  authentication: 'iam',
  clusterArn: WEST_ARN,
};

export const WEST_IN_VPC: FlowCluster = {
  ...WEST,
  brokerSecurityGroupId: 'sg-0f0f0f0f',
  vpc: { vpcId: 'vpc-0f0f0f0f', subnetIds: ['subnet-0f0f0f01'] },
};

export const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:AmazonMSK_east-AbCdEf';
/** A source of one's own, with a user's password. */
export const SELF_MANAGED: FlowCluster = {
  region: 'us-east-1',
  bootstrapServers: ['kafka-1.example:9093', 'kafka-2.example:9093'],
  authentication: 'scram-sha-256',
  secretArn: SECRET,
  vpc: { vpcId: 'vpc-0e0e0e0e', subnetIds: ['subnet-0e0e0e01'], securityGroupIds: ['sg-0a0a0a0a'] },
};

export function example(changes: Partial<ReplicationFlowProps> = {}): ReplicationFlowProps {
  return {
    flow: { source: 'us-east', target: 'us-west' },
    source: EAST,
    target: WEST,
    configuration: '{"v":1}',
    remoteTopics: 'us-east.*',
    codeFolders: CODE,
    ...changes,
  };
}

/** An app whose assembly is removed with the rest; the CDK would leave it in the machine's temporary folder. */
export function newApp(): App {
  return new App({ outdir: temporaryFolder() });
}

/** One stack in `region` with the flow in it. */
export function build(props: ReplicationFlowProps, region: string): { flow: ReplicationFlow; stack: Stack; app: App } {
  const app = newApp();
  const stack = new Stack(app, 'Causeway', { env: { region } });
  const flow = new ReplicationFlow(stack, 'EastToWest', props);
  return { flow, stack, app };
}

export function template(props: ReplicationFlowProps, region: string): Template {
  return Template.fromStack(build(props, region).stack);
}

/** A properties file for two clusters, by default MSK's, with `more` at its end. @returns its path */
export function writeConfiguration(more = '', arns = [EAST_ARN, WEST_ARN]): string {
  const [east, west] = arns;
  const path = join(temporaryFolder(), 'mm2.properties');
  writeFileSync(
    path,
    `clusters = us-east, us-west
us-east.bootstrap.servers = b-1.east.example:9098
us-west.bootstrap.servers = b-1.west.example:9098
${east === undefined ? '' : `us-east.causeway.cluster.arn = ${east}`}
${west === undefined ? '' : `us-west.causeway.cluster.arn = ${west}`}
us-east->us-west.enabled = true
us-east->us-west.topics = orders.*, payments
${more}
`,
  );
  return path;
}
