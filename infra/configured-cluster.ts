import type { ClientConnection, FlowEnd } from '../shared/config/flow-schema.ts';
import type { Sasl, Secret, Security, Text, Tls } from '../shared/config/security/schema.ts';
import { Authentication, type CertificateAuthority, type FlowCluster, type FlowVpc } from './flow/props.ts';
import { referencedArn, referencesOf } from './secret-references.ts';

/** The functions in the target's region: where that is, and the clients that they use. */
export interface BesideTarget {
  readonly region: string;
  readonly clients: readonly ClientConnection[];
}

/**
 * A cluster of the configuration as one end of a flow. `functionsRegion` is where the functions in the source's region
 * read secrets that are named without a region. A region that the configuration leaves out is told as a fault when the
 * flow is built.
 */
export function configuredCluster(end: FlowEnd, functionsRegion: string, besideTarget: BesideTarget): FlowCluster {
  const { data, admin, clusterArn, brokerSecurityGroup, secretKeyArns, region = '' } = end;
  const secretArn = end.secretArn ?? loginSecret(data.security);
  const authority = authorityOf(data.security);
  const vpc = vpcOf(end);
  return {
    region,
    bootstrapServers: data.bootstrapServers,
    authentication: authentication(data.security),
    encrypted: data.security.protocol !== 'SASL_PLAINTEXT',
    referencedArns: {
      data: arnsOf(data.security, functionsRegion),
      admin: arnsOf(admin.security, functionsRegion),
      besideTarget: [...new Set(besideTarget.clients.flatMap(({ security }) => arnsOf(security, besideTarget.region)))],
    },
    ...(clusterArn !== undefined && { clusterArn }),
    ...(secretArn !== undefined && { secretArn }),
    ...(authority !== undefined && { certificateAuthority: authority }),
    ...(secretKeyArns !== undefined && { keyArns: secretKeyArns }),
    ...(vpc !== undefined && { vpc }),
    ...(brokerSecurityGroup !== undefined && { brokerSecurityGroupId: brokerSecurityGroup }),
  };
}

/** What a client has to be allowed to log in: secrets, parameters, a role. */
function arnsOf(security: Security, functionsRegion: string): readonly string[] {
  const sasl = saslOf(security);
  const role = sasl?.kind === 'iam' && sasl.roleArn !== undefined ? [sasl.roleArn] : [];
  const referenced = referencesOf(security).flatMap((each) => referencedArn(each, functionsRegion) ?? []);
  return [...new Set([...referenced, ...role])];
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

function tlsOf(security: Security): Tls | undefined {
  return 'tls' in security ? security.tls : undefined;
}

/** Lambda's pollers take the certificates from a secret's member `certificate`. */
function authorityOf(security: Security): CertificateAuthority | undefined {
  const certificates = tlsOf(security)?.certificates;
  if (certificates === undefined) return undefined;
  const secretArn = typeof certificates === 'object' ? secretWith({ certificate: certificates }) : undefined;
  return secretArn === undefined ? {} : { secretArn };
}

/** The one secret that Lambda's pollers could log in with, too: user and password, or certificate and key. */
function loginSecret(security: Security): string | undefined {
  const sasl = saslOf(security);
  if (sasl?.kind === 'password') {
    const { credentials } = sasl;
    if (credentials.kind === 'secret') return credentials.secret.path;
    if (credentials.kind !== 'pair') return undefined;
    return secretWith({ username: credentials.username, password: credentials.password });
  }
  const client = tlsOf(security)?.client;
  if (client?.kind !== 'pem') return client?.secret.path;
  const { certificateChain, key, keyPassword } = client;
  return secretWith({
    certificate: certificateChain,
    privateKey: key,
    ...(keyPassword !== undefined && { privateKeyPassword: keyPassword }),
  });
}

/** The ARN of the one secret that all of `members` are members of, under these names; a name without ARN is not enough. */
function secretWith(members: Readonly<Record<string, Text | Secret>>): string | undefined {
  const paths = Object.entries(members).map(([name, value]) =>
    typeof value === 'object' && 'path' in value && value.provider === 'secrets' && value.key === name
      ? value.path
      : undefined,
  );
  const [path] = new Set(paths);
  return new Set(paths).size === 1 && path?.startsWith('arn:') ? path : undefined;
}

function vpcOf({ vpcId, subnets, securityGroups }: FlowEnd): FlowVpc | undefined {
  if (vpcId === undefined && subnets.length === 0 && securityGroups.length === 0) return undefined;
  return {
    subnetIds: subnets,
    ...(vpcId !== undefined && { vpcId }),
    ...(securityGroups.length > 0 && { securityGroupIds: securityGroups }),
  };
}
