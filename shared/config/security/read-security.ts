import { CLIENT_PROPERTIES } from '../known/client-properties.ts';
import type { Report } from '../report.ts';
import type { SecretReader } from '../secrets/secret-reader.ts';
import type { Setting, Settings } from '../setting.ts';
import { SettingReader } from '../setting-reader.ts';
import type { ClusterAws } from './cluster-aws.ts';
import { parseJaas } from './jaas.ts';
import type { Sasl, Security, Tls } from './schema.ts';

const PASSWORD_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;

/** What `causeway.auth` stands for, in Kafka's terms. */
const AUTH = {
  iam: { protocol: 'SASL_SSL', mechanism: 'AWS_MSK_IAM' },
  scram: { protocol: 'SASL_SSL', mechanism: 'SCRAM-SHA-512' },
  tls: { protocol: 'SSL', mechanism: undefined },
  plaintext: { protocol: 'PLAINTEXT', mechanism: undefined },
} as const;

export interface SecurityContext {
  readonly aws: ClusterAws;
  readonly secrets: SecretReader;
  readonly report: Report;
}

/** Reads `security.protocol`, `ssl.*` and `sasl.*` of one client; faults go to the report, and PLAINTEXT comes back. */
export function readSecurity(settings: Settings, context: SecurityContext): Security {
  const { aws, report } = context;
  const read = new SettingReader(settings, CLIENT_PROPERTIES, report);
  const auth = aws.auth === undefined ? undefined : AUTH[aws.auth.value];
  const written = settings.get('security.protocol');
  const protocol = written === undefined && auth ? auth.protocol : read.choice('security.protocol', PROTOCOLS);
  if (aws.auth && auth && protocol !== auth.protocol && !(aws.auth.value === 'scram' && protocol.startsWith('SASL')))
    report.fault(aws.auth.at, `the same as security.protocol = ${protocol} (line ${written?.line}); leave out one`);
  if (protocol === 'PLAINTEXT') return { protocol };
  if (protocol === 'SSL') return { protocol, tls: readTls(settings, context) };
  const sasl = readSasl(settings, auth?.mechanism, context);
  if (sasl === undefined) return { protocol: 'PLAINTEXT' };
  return protocol === 'SASL_PLAINTEXT' ? { protocol, sasl } : { protocol, sasl, tls: readTls(settings, context) };
}

function readSasl(settings: Settings, fromAuth: string | undefined, context: SecurityContext): Sasl | undefined {
  const { report, aws } = context;
  const written = settings.get('sasl.mechanism');
  const mechanism = written?.value.trim() ?? fromAuth;
  const at = written ?? settings.get('security.protocol') ?? aws.auth?.at;
  if (at === undefined) return undefined;
  if (mechanism === 'AWS_MSK_IAM') return readIam(settings.get('sasl.jaas.config'), report);
  const known = PASSWORD_MECHANISMS.find((each) => each === mechanism);
  if (known === undefined) {
    const expected = 'sasl.mechanism to be PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or AWS_MSK_IAM';
    report.fault(
      at,
      mechanism === undefined ? `${expected}; the default of Kafka, GSSAPI, is not supported` : expected,
    );
    return undefined;
  }
  const credentials = readCredentials(settings.get('sasl.jaas.config'), at, context);
  return credentials && { kind: 'password', mechanism: known, credentials };
}

function readIam(jaas: Setting | undefined, report: Report): Sasl {
  const options = jaas === undefined ? undefined : parseJaas(jaas.value)?.options;
  const roleArn = options?.get('awsRoleArn');
  if (jaas && options?.has('awsProfileName'))
    report.warn(jaas, 'awsProfileName is not used: functions sign with their own role');
  return { kind: 'iam', ...(roleArn === undefined ? {} : { roleArn }) };
}

type Credentials = Extract<Sasl, { kind: 'password' }>['credentials'];

function readCredentials(
  jaas: Setting | undefined,
  at: Setting,
  { aws, secrets, report }: SecurityContext,
): Credentials | undefined {
  if (jaas === undefined) {
    if (aws.secretArn !== undefined) return { kind: 'secret', secret: { provider: 'secrets', path: aws.secretArn } };
    report.fault(at, 'sasl.jaas.config with user name and password, or causeway.secret.arn of the cluster');
    return undefined;
  }
  const whole = secrets.reference(jaas, jaas.value.trim());
  if (whole !== undefined) return { kind: 'jaas', jaas: whole };
  const options = parseJaas(jaas.value)?.options;
  const username = options?.get('username');
  const password = options?.get('password');
  if (username === undefined || password === undefined) {
    report.fault(jaas, 'a login module with username="..." and password="...";, or one reference to all of it');
    return undefined;
  }
  return { kind: 'pair', username: secrets.text(jaas, username), password: secrets.secret(jaas, password) };
}

function readTls(settings: Settings, context: SecurityContext): Tls {
  const { secrets, aws } = context;
  const certificates = settings.get('ssl.truststore.certificates');
  const verify = settings.get('ssl.endpoint.identification.algorithm');
  const client = readClientCertificate(settings, context);
  return {
    verifyHost: verify === undefined || verify.value.trim() !== '',
    ...(certificates === undefined ? {} : { certificates: secrets.text(certificates, certificates.value) }),
    ...(client === undefined ? {} : { client }),
    ...(client === undefined && aws.auth?.value === 'tls' && aws.secretArn !== undefined
      ? { client: { kind: 'secret', secret: { provider: 'secrets', path: aws.secretArn } } }
      : {}),
  };
}

function readClientCertificate(settings: Settings, { aws, secrets, report }: SecurityContext): Tls['client'] {
  const chain = settings.get('ssl.keystore.certificate.chain');
  const key = settings.get('ssl.keystore.key');
  const keyPassword = settings.get('ssl.key.password');
  if (chain !== undefined && key !== undefined)
    return {
      kind: 'pem',
      certificateChain: secrets.text(chain, chain.value),
      key: secrets.secret(key, key.value),
      ...(keyPassword === undefined ? {} : { keyPassword: secrets.secret(keyPassword, keyPassword.value) }),
    };
  const half = chain ?? key;
  if (half !== undefined) report.fault(half, 'ssl.keystore.certificate.chain and ssl.keystore.key together');
  const file = settings.get('ssl.keystore.location');
  if (file === undefined) return undefined;
  if (aws.secretArn === undefined)
    report.fault(
      file,
      'the certificate as ssl.keystore.certificate.chain and ssl.keystore.key, or causeway.secret.arn: a Lambda function has no such file',
    );
  else return { kind: 'secret', secret: { provider: 'secrets', path: aws.secretArn } };
  return undefined;
}
