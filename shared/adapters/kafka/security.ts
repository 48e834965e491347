import {
  type ConnectionOptions,
  NetworkError,
  type SASLOptions,
  saslOAuthBearer,
  saslPlain,
  saslScramSha,
} from '@platformatic/kafka';
import { messageOf } from '../../flow/errors.ts';
import { answerOf, CredentialsError } from './failure.ts';
import { LatestRead } from './latest-read.ts';
import { mskIamToken, orCredentialsError } from './msk-iam.ts';

/** PEM texts. The defaults trust Node's bundled authorities, which cover Amazon MSK. */
export interface KafkaTls {
  /** Authorities to trust instead of the bundled ones. */
  readonly ca?: string;
  /** Client certificate and its key, for mutual TLS. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** False where `ssl.endpoint.identification.algorithm` is empty: the certificate may be for another host name. */
  readonly verifyHostName?: boolean;
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

interface Sasl {
  readonly protocol: 'SASL_PLAINTEXT' | 'SASL_SSL';
  /** Only with SASL_SSL. */
  readonly tls?: KafkaTls | LatestRead<KafkaTls>;
}

type PasswordSecurity = Sasl & {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
} & (Login | { readonly login: LatestRead<Login> });

/** How to connect to a cluster, in the words of `security.protocol` and `sasl.mechanism`. */
export type KafkaSecurity =
  | { readonly protocol: 'PLAINTEXT' }
  | { readonly protocol: 'SSL'; readonly tls?: KafkaTls | LatestRead<KafkaTls> }
  | PasswordSecurity
  /** `region` is the cluster's, which need not be the function's; `token` replaces the AWS signer. */
  | (Sasl & { readonly mechanism: 'AWS_MSK_IAM'; readonly region: string; readonly token?: () => Promise<string> });

/** The client's options. `onSession` is told how long the broker keeps an authenticated session, ms; 0 without end. */
export function connectionSecurity(
  security: KafkaSecurity,
  onSession: (lifetimeMs: number) => void,
): Pick<ConnectionOptions, 'tls' | 'sasl'> {
  if (security.protocol === 'PLAINTEXT') return {};
  const tls = security.protocol === 'SASL_PLAINTEXT' ? undefined : tlsOptions(security.tls ?? {});
  if (security.protocol === 'SSL') return { ...(tls && { tls }) };
  return { ...(tls && { tls }), sasl: saslOptions(security, onSession) };
}

function tlsOptions(tls: KafkaTls | LatestRead<KafkaTls>): NonNullable<ConnectionOptions['tls']> {
  const { verifyHostName = true, ...pem } = tls instanceof LatestRead ? tls.value : tls;
  return verifyHostName ? pem : { ...pem, checkServerIdentity: () => undefined };
}

type SaslSecurity = Extract<KafkaSecurity, { readonly mechanism: string }>;

/**
 * The client would re-authenticate on a timer in the middle of a pipeline, and not at all while Lambda holds the
 * environment frozen. So it is told that sessions do not end, and connections are replaced before they do.
 */
function saslOptions(security: SaslSecurity, onSession: (lifetimeMs: number) => void): SASLOptions {
  const mechanism = security.mechanism === 'AWS_MSK_IAM' ? 'OAUTHBEARER' : security.mechanism;
  return {
    mechanism,
    authenticate: (_mechanism, connection, api, _username, _password, _token, callback) => {
      const authenticated =
        security.mechanism === 'AWS_MSK_IAM'
          ? saslOAuthBearer.authenticate(api, connection, () => iamToken(security), {})
          : withLogin(security, ({ username, password }) =>
              security.mechanism === 'PLAIN'
                ? saslPlain.authenticate(api, connection, username, password)
                : saslScramSha.authenticate(api, connection, HASHES[security.mechanism], username, password),
            );
      authenticated.then(
        (response) => {
          onSession(Number(response.sessionLifetimeMs));
          callback(null, { ...response, sessionLifetimeMs: 0n });
        },
        (error: Error) => callback(error),
      );
    },
  };
}

const HASHES = { 'SCRAM-SHA-256': 'SHA-256', 'SCRAM-SHA-512': 'SHA-512' } as const;

/**
 * A login that was rotated since it was read is refused once: then the connection is to be made again, with what is read
 * by then. Nothing may be awaited after a refusal, since the broker closes the connection, which would hide why.
 */
async function withLogin<R>(security: PasswordSecurity, authenticate: (login: Login) => Promise<R>): Promise<R> {
  if (!('login' in security)) return authenticate(security);
  const { login } = security;
  const given = await login.current().catch((error: unknown) => {
    const reason = messageOf(error);
    throw new CredentialsError(`the last login was refused, and another cannot be had: ${reason}`);
  });
  try {
    const response = await authenticate(given);
    login.accepted(given);
    return response;
  } catch (refusal) {
    if (answerOf(refusal) !== 'SASL_AUTHENTICATION_FAILED') throw refusal;
    throw login.refused(given) ? new NetworkError('The login was refused and is to be read again.') : refusal;
  }
}

function iamToken({ region, token }: Extract<SaslSecurity, { readonly mechanism: 'AWS_MSK_IAM' }>): Promise<string> {
  return token ? orCredentialsError(token) : mskIamToken(region);
}
