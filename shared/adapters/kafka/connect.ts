import type { ClientConnection, FlowEnd } from '../../config/flow-schema.ts';
import { LiteralSecret } from '../../config/secrets/literal.ts';
import type { Resolve } from '../../config/secrets/reference.ts';
import { parseJaas } from '../../config/security/jaas.ts';
import type { Sasl, Secret, Text, Tls } from '../../config/security/schema.ts';
import { CausewayError } from '../../flow/errors.ts';
import { KafkaCluster } from './cluster.ts';
import { LatestRead } from './latest-read.ts';
import type { KafkaSecurity, KafkaTls, Login } from './security.ts';

/** A secret is there but does not hold what a client needs to log in. */
export class UnusableSecret extends CausewayError {
  readonly code = 'UNUSABLE_SECRET';
  readonly retriable = false;

  constructor(cluster: string, found: string, expected: string) {
    super(`${cluster}: ${found}; expected ${expected}`, {
      safe: 'Nothing was written; records stay in the source.',
      next: 'Correct the secret. It is read again with the next attempt.',
    });
  }
}

/**
 * A cluster as one of a flow's clients reaches it, with its secrets looked up. They are looked up again when brokers refuse
 * a login, which then is tried with what the secret has become; and for new connections when they were last read a
 * minute ago or longer, so that rotated certificates are found as well.
 * @throws SecretUnavailableError, UnusableSecret
 */
export async function connectCluster(
  end: FlowEnd,
  client: ClientConnection,
  resolve: Resolve,
  clientId: string,
): Promise<KafkaCluster> {
  return new KafkaCluster({
    alias: end.alias,
    bootstrapServers: client.bootstrapServers,
    clientId,
    security: await connectionSecurity(end, client.security, resolve),
  });
}

async function connectionSecurity(
  end: FlowEnd,
  security: ClientConnection['security'],
  resolve: Resolve,
): Promise<KafkaSecurity> {
  switch (security.protocol) {
    case 'PLAINTEXT':
      return { protocol: 'PLAINTEXT' };
    case 'SSL':
      return { protocol: 'SSL', tls: await latestTls(end, security.tls, resolve) };
    case 'SASL_PLAINTEXT':
      return { protocol: 'SASL_PLAINTEXT', ...(await sasl(end, security.sasl, resolve)) };
    case 'SASL_SSL': {
      const [tls, login] = await Promise.all([
        latestTls(end, security.tls, resolve),
        sasl(end, security.sasl, resolve),
      ]);
      return { protocol: 'SASL_SSL', tls, ...login };
    }
  }
}

function latestTls({ alias }: FlowEnd, settings: Tls, resolve: Resolve): Promise<LatestRead<KafkaTls>> {
  return LatestRead.start(() => tls(alias, settings, resolve));
}

async function sasl({ alias, region }: FlowEnd, settings: Sasl, resolve: Resolve) {
  if (settings.kind === 'iam') {
    if (region === undefined) throw new UnusableSecret(alias, 'IAM without a region', `${alias}.causeway.region`);
    return {
      mechanism: 'AWS_MSK_IAM' as const,
      region,
      ...(settings.roleArn ? { token: roleToken(region, settings.roleArn) } : {}),
    };
  }
  const { mechanism, credentials } = settings;
  return { mechanism, login: await LatestRead.start(() => userAndPassword(alias, credentials, resolve)) };
}

function roleToken(region: string, roleArn: string): () => Promise<string> {
  return async () => {
    const { generateAuthTokenFromRole } = await import('aws-msk-iam-sasl-signer-js');
    return (await generateAuthTokenFromRole({ region, awsRoleArn: roleArn })).token;
  };
}

type Credentials = Extract<Sasl, { readonly kind: 'password' }>['credentials'];

async function userAndPassword(cluster: string, credentials: Credentials, resolve: Resolve): Promise<Login> {
  switch (credentials.kind) {
    case 'pair':
      return {
        username: await lookUp(credentials.username, resolve),
        password: await lookUp(credentials.password, resolve),
      };
    case 'jaas': {
      const options = parseJaas(await resolve(credentials.jaas))?.options;
      return member(cluster, Object.fromEntries(options ?? []), 'sasl.jaas.config');
    }
    case 'secret':
      return member(cluster, await members(credentials.secret, resolve), credentials.secret.path);
  }
}

function member(cluster: string, from: Readonly<Record<string, unknown>>, name: string): Login {
  const { username, password } = from;
  if (typeof username === 'string' && typeof password === 'string') return { username, password };
  throw new UnusableSecret(cluster, `${name} lacks one of them`, 'username and password');
}

async function tls(cluster: string, { certificates, client, verifyHost }: Tls, resolve: Resolve): Promise<KafkaTls> {
  const trusted = certificates === undefined ? {} : { ca: await lookUp(certificates, resolve) };
  return { ...trusted, verifyHostName: verifyHost, ...(await clientCertificate(cluster, client, resolve)) };
}

async function clientCertificate(cluster: string, client: Tls['client'], resolve: Resolve): Promise<Partial<KafkaTls>> {
  if (client === undefined) return {};
  if (client.kind === 'pem') {
    const passphrase =
      client.keyPassword === undefined ? {} : { passphrase: await lookUp(client.keyPassword, resolve) };
    return {
      cert: await lookUp(client.certificateChain, resolve),
      key: await lookUp(client.key, resolve),
      ...passphrase,
    };
  }
  const { certificate, privateKey, privateKeyPassword } = await members(client.secret, resolve);
  if (typeof certificate !== 'string' || typeof privateKey !== 'string') {
    throw new UnusableSecret(cluster, `${client.secret.path} lacks one of them`, 'certificate and privateKey');
  }
  const passphrase = typeof privateKeyPassword === 'string' ? { passphrase: privateKeyPassword } : {};
  return { cert: certificate, key: privateKey, ...passphrase };
}

async function lookUp(value: Text | Secret, resolve: Resolve): Promise<string> {
  if (typeof value === 'string') return value;
  return value instanceof LiteralSecret ? value.reveal() : resolve(value);
}

/** A secret's JSON object; nothing of it when it is none. */
async function members(secret: Parameters<Resolve>[0], resolve: Resolve): Promise<Readonly<Record<string, unknown>>> {
  const text = await resolve(secret);
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
