import type { FlowEnd } from '../shared/config/flow-schema.ts';
import type { Sasl, Security } from '../shared/config/security/schema.ts';
import { Authentication, type FlowCluster, type FlowVpc } from './flow/props.ts';
import { referencedArn, referencesOf } from './secret-references.ts';

/**
 * A cluster of the configuration as one end of a flow. `functionsRegion` is where the functions read secrets that are
 * named without a region. A region that the configuration leaves out is told as a fault when the flow is built.
 */
export function configuredCluster(end: FlowEnd, functionsRegion: string): FlowCluster {
  const { data, admin, clusterArn, region = '' } = end;
  const references = [...referencesOf(data.security), ...referencesOf(admin.security)];
  const arns = references.flatMap((reference) => referencedArn(reference, functionsRegion) ?? []);
  const secretArn = end.secretArn ?? loginSecret(data.security);
  const loginRoleArn = roleOf(data.security);
  const vpc = vpcOf(end);
  return {
    region,
    bootstrapServers: data.bootstrapServers,
    authentication: authentication(data.security),
    referencedArns: [...new Set(arns)].filter((arn) => arn !== secretArn),
    ...(clusterArn !== undefined && { clusterArn }),
    ...(secretArn !== undefined && { secretArn }),
    ...(loginRoleArn !== undefined && { loginRoleArn }),
    ...(vpc !== undefined && { vpc }),
  };
}

const BY_MECHANISM = {
  PLAIN: Authentication.Plain,
  'SCRAM-SHA-256': Authentication.Scram256,
  'SCRAM-SHA-512': Authentication.Scram512,
} as const;

function authentication(security: Security): Authentication {
  if (security.protocol === 'PLAINTEXT') return Authentication.None;
  if (security.protocol === 'SSL')
    return security.tls.client === undefined ? Authentication.Tls : Authentication.MutualTls;
  return security.sasl.kind === 'iam' ? Authentication.Iam : BY_MECHANISM[security.sasl.mechanism];
}

function saslOf(security: Security): Sasl | undefined {
  return 'sasl' in security ? security.sasl : undefined;
}

function roleOf(security: Security): string | undefined {
  const sasl = saslOf(security);
  return sasl?.kind === 'iam' ? sasl.roleArn : undefined;
}

/** The one secret that Lambda's pollers could log in with, too: user and password, or certificate and key. */
function loginSecret(security: Security): string | undefined {
  const sasl = saslOf(security);
  if (sasl?.kind === 'password') {
    const { credentials } = sasl;
    if (credentials.kind === 'secret') return arnOnly(credentials.secret.path);
    if (credentials.kind !== 'pair') return undefined;
    const { username, password } = credentials;
    const together =
      typeof username === 'object' &&
      'path' in password &&
      username.path === password.path &&
      username.key === 'username' &&
      password.key === 'password';
    return together ? arnOnly(password.path) : undefined;
  }
  const client = 'tls' in security ? security.tls.client : undefined;
  return client?.kind === 'secret' ? arnOnly(client.secret.path) : undefined;
}

function arnOnly(path: string): string | undefined {
  return path.startsWith('arn:') ? path : undefined;
}

function vpcOf({ vpcId, subnets, securityGroups }: FlowEnd): FlowVpc | undefined {
  if (vpcId === undefined && subnets.length === 0 && securityGroups.length === 0) return undefined;
  return {
    subnetIds: subnets,
    ...(vpcId !== undefined && { vpcId }),
    ...(securityGroups.length > 0 && { securityGroupIds: securityGroups }),
  };
}
