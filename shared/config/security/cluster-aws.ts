import { CLUSTER_PROPERTIES } from '../known/causeway-properties.ts';
import type { Report } from '../report.ts';
import type { Setting, Settings } from '../setting.ts';
import { SettingReader } from '../setting-reader.ts';

export const AUTHS = ['iam', 'scram', 'tls', 'plaintext'] as const;
export type Auth = (typeof AUTHS)[number];

/** The `causeway.*` keys of a cluster. */
export interface ClusterAws {
  readonly region: string | undefined;
  readonly clusterArn: string | undefined;
  readonly vpcId: string | undefined;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly brokerSecurityGroup: string | undefined;
  readonly secretArn: string | undefined;
  readonly secretKeyArns: readonly string[];
  readonly auth: { readonly value: Auth; readonly at: Setting } | undefined;
}

const FORMS: Readonly<Record<string, readonly [RegExp, string]>> = {
  region: [/^[a-z]{2,}(?:-[a-z]+)+-\d+$/, 'an AWS region, us-east-1 for example'],
  'cluster.arn': [/^arn:[^:]+:kafka:[^:]+:\d*:cluster\/[^/]+\/.+$/, 'the ARN of an MSK cluster'],
  'vpc.id': [/^vpc-\w+$/, 'the id of a VPC, vpc-...'],
  subnets: [/^subnet-\w+$/, 'ids of subnets, subnet-...'],
  'security.groups': [/^sg-\w+$/, 'ids of security groups, sg-...'],
  'broker.security.group': [/^sg-\w+$/, 'the id of a security group, sg-...'],
  'secret.arn': [/^arn:[^:]+:secretsmanager:[^:]+:\d*:secret:.+$/, 'the ARN of a secret in AWS Secrets Manager'],
  'secret.key.arns': [/^arn:[^:]+:kms:[^:]+:\d*:key\/.+$/, 'ARNs of KMS keys, arn:aws:kms:...:key/...'],
};

/** Reads `<alias>.causeway.*`; `settings` are the cluster's. */
export function readClusterAws(settings: Settings, report: Report): ClusterAws {
  const read = new SettingReader(settings, CLUSTER_PROPERTIES, report);
  const checked = (name: string, value: string | undefined) => {
    const at = settings.get(`causeway.${name}`);
    const [form, expected] = FORMS[name] ?? [/^/, ''];
    if (at !== undefined && value !== undefined && !form.test(value)) report.fault(at, expected);
    return value;
  };
  const text = (name: string) => checked(name, read.text(`causeway.${name}`));
  const list = (name: string) => read.list(`causeway.${name}`).filter((item) => checked(name, item) !== undefined);
  const clusterArn = text('cluster.arn');
  const arnRegion = clusterArn?.split(':')[3] || undefined;
  const region = text('region') ?? arnRegion;
  const at = settings.get('causeway.region');
  if (at !== undefined && arnRegion !== undefined && region !== arnRegion)
    report.fault(at, `the region of causeway.cluster.arn, ${arnRegion}`);
  const auth = read.optionalChoice('causeway.auth', AUTHS);
  const authAt = settings.get('causeway.auth');
  return {
    region,
    clusterArn,
    vpcId: text('vpc.id'),
    subnets: list('subnets'),
    securityGroups: list('security.groups'),
    brokerSecurityGroup: text('broker.security.group'),
    secretArn: text('secret.arn'),
    secretKeyArns: list('secret.key.arns'),
    auth: auth === undefined || authAt === undefined ? undefined : { value: auth, at: authAt },
  };
}
