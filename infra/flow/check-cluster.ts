import { mskPort } from './brokers.ts';
import { Authentication, type FlowCluster } from './props.ts';

const NEEDS_SECRET: readonly Authentication[] = [
  Authentication.MutualTls,
  Authentication.Plain,
  Authentication.Scram256,
  Authentication.Scram512,
];

/** What cannot work about one end of a flow, each with its property. */
export function clusterFaults(side: 'source' | 'target', cluster: FlowCluster): string[] {
  const { clusterArn, vpc, authentication = Authentication.None } = cluster;
  const faults: string[] = [];
  const check = (holds: boolean, fault: string) => {
    if (!holds) faults.push(`${side}.${fault}`);
  };
  check(cluster.region !== '', 'region: is missing; in a properties file it is <alias>.causeway.region');
  check(
    cluster.region === '' || /^[a-z]{2}(-[a-z]+)+-\d$/.test(cluster.region),
    `region: ${cluster.region} is not an AWS region`,
  );
  check(cluster.bootstrapServers.length > 0, 'bootstrapServers: is empty');
  for (const server of cluster.bootstrapServers)
    check(/^[^\s:,]+:\d{1,5}$/.test(server), `bootstrapServers: ${server} is not host:port`);
  check(
    authentication !== Authentication.Iam || clusterArn !== undefined,
    'clusterArn: is needed for IAM authentication',
  );
  check(
    !NEEDS_SECRET.includes(authentication) ||
      cluster.secretArn !== undefined ||
      (side === 'target' && (cluster.referencedArns?.data.length ?? 0) > 0),
    side === 'target'
      ? `secretArn: is needed for ${authentication} authentication`
      : `secretArn: is needed for ${authentication} authentication: Lambda's pollers log in with it; in a properties file it is <alias>.causeway.secret.arn`,
  );
  check(
    cluster.secretArn === undefined || /^arn:[\w-]+:secretsmanager:/.test(cluster.secretArn),
    `secretArn: ${cluster.secretArn} is not the ARN of a Secrets Manager secret`,
  );
  for (const arn of Object.values(cluster.referencedArns ?? {}).flat())
    check(
      /^arn:[^:]+:(secretsmanager|ssm|iam):/.test(arn),
      `referencedArns: ${arn} is no secret, SSM parameter or role`,
    );
  for (const arn of cluster.keyArns ?? [])
    check(/^arn:[^:]+:kms:/.test(arn), `keyArns: ${arn} is not the ARN of a KMS key`);
  if (side === 'source') faults.push(...pollerFaults(cluster));
  if (vpc !== undefined) {
    check(vpc.vpcId === undefined || /^vpc-/.test(vpc.vpcId), `vpc.vpcId: ${vpc.vpcId} is not the id of a VPC`);
    check(
      vpc.vpcId !== undefined || (vpc.securityGroupIds ?? []).length > 0,
      'vpc: vpcId is needed to make a security group, or securityGroupIds',
    );
    check(vpc.subnetIds.length > 0, 'vpc.subnetIds: is empty');
    for (const id of vpc.subnetIds) check(/^subnet-/.test(id), `vpc.subnetIds: ${id} is not the id of a subnet`);
    for (const id of vpc.securityGroupIds ?? [])
      check(/^sg-/.test(id), `vpc.securityGroupIds: ${id} is not the id of a security group`);
  }
  const { brokerSecurityGroupId = 'sg-' } = cluster;
  check(
    /^sg-/.test(brokerSecurityGroupId),
    `brokerSecurityGroupId: ${brokerSecurityGroupId} is not the id of a security group`,
  );
  if (clusterArn !== undefined) {
    const [, , service, region, , resource = ''] = clusterArn.split(':');
    check(
      service === 'kafka' && /^cluster\/[^/]+\/[^/]+$/.test(resource),
      `clusterArn: ${clusterArn} is not arn:aws:kafka:<region>:<account>:cluster/<name>/<uuid>`,
    );
    check(
      service !== 'kafka' || region === cluster.region,
      `clusterArn: is in ${region}, the cluster's region is ${cluster.region}`,
    );
    check(mskPort(cluster) !== undefined, `authentication: MSK has no ${authentication}`);
  }
  return faults;
}

/** What Lambda's pollers cannot do, though the functions could. */
function pollerFaults(source: FlowCluster): string[] {
  const { region, clusterArn, secretArn, certificateAuthority, encrypted = true } = source;
  const faults: string[] = [];
  if (!encrypted)
    faults.push(
      "source.encrypted: Lambda's pollers log in over TLS only, security.protocol = SASL_SSL in Kafka's words",
    );
  for (const arn of [secretArn, certificateAuthority?.secretArn])
    if (arn !== undefined && arn.split(':')[3] !== region)
      faults.push(`source: ${arn} is not in ${region}, where Lambda's pollers look for it`);
  if (clusterArn === undefined && certificateAuthority !== undefined && certificateAuthority.secretArn === undefined)
    faults.push(
      `source.certificateAuthority.secretArn: is needed where brokers' certificates are not from a public authority: Lambda's pollers read the authority's there; in a properties file it is <alias>.ssl.truststore.certificates = \${secrets:<ARN>:certificate}`,
    );
  return faults;
}
