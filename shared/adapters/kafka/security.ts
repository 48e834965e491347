import {
  type ConnectionOptions,
  type SASLOptions,
  saslOAuthBearer,
  saslPlain,
  saslScramSha,
} from '@platformatic/kafka';
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

interface Sasl {
  readonly protocol: 'SASL_PLAINTEXT' | 'SASL_SSL';
  /** Only with SASL_SSL. */
  readonly tls?: KafkaTls;
}

/** How to connect to a cluster, in the words of `security.protocol` and `sasl.mechanism`. */
export type KafkaSecurity =
  | { readonly protocol: 'PLAINTEXT' }
  | { readonly protocol: 'SSL'; readonly tls?: KafkaTls }
  | (Sasl & {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly username: string;
      readonly password: string;
    })
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

function tlsOptions(tls: KafkaTls): NonNullable<ConnectionOptions['tls']> {
  const { verifyHostName = true, ...pem } = tls;
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
          : security.mechanism === 'PLAIN'
            ? saslPlain.authenticate(api, connection, security.username, security.password)
            : saslScramSha.authenticate(
                api,
                connection,
                security.mechanism === 'SCRAM-SHA-256' ? 'SHA-256' : 'SHA-512',
                security.username,
                security.password,
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

function iamToken({ region, token }: Extract<SaslSecurity, { readonly mechanism: 'AWS_MSK_IAM' }>): Promise<string> {
  return token ? orCredentialsError(token) : mskIamToken(region);
}
