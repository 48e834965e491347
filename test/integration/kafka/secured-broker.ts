import { execFileSync } from 'node:child_process';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { alterUserScramCredentialsV0, Connection } from '@platformatic/kafka';
import { KafkaCluster } from '../../../local/region/kafka-cluster.ts';
import { RunFolder } from '../../../local/region/run-folder.ts';
import { Supervisor } from '../../../local/region/supervisor.ts';
import { findJava } from '../../../local/setup/requirements.mjs';
import { installTools } from '../../../local/setup/tools.ts';

/** May do everything. */
export const OWNER = { username: 'causeway', password: 'owner-secret' };
/** Is known, and may do nothing. */
export const STRANGER = { username: 'stranger', password: 'stranger-secret' };
/** How long the broker keeps an authenticated connection without a new authentication. */
export const SESSION_MS = 3_000;

const STORE_PASSWORD = 'keystore-secret';
const LOGIN_MODULES = 'org.apache.kafka.common.security';
const SCRAM_ITERATIONS = 4_096;
const SCRAM_MECHANISMS = [
  { mechanism: 1, digest: 'sha256', bytes: 32 },
  { mechanism: 2, digest: 'sha512', bytes: 64 },
];

/**
 * A broker with a listener for each way to connect: SASL (PLAIN, SCRAM, OAUTHBEARER with unsigned tokens), TLS, and a
 * plain one that it advertises under `proxyPort`, where a test can stand in between.
 */
export class SecuredBroker implements AsyncDisposable {
  readonly plain: string;
  readonly sasl: string;
  readonly tls: string;
  /** Where the broker itself listens for what comes through the proxy. */
  readonly behindProxyPort: number;
  readonly proxyPort: number;
  /** PEM of the broker's own certificate. */
  readonly certificate: string;
  readonly #supervisor: Supervisor;

  private constructor(supervisor: Supervisor, ports: Ports, certificate: string) {
    this.#supervisor = supervisor;
    this.plain = `127.0.0.1:${ports.plain}`;
    this.sasl = `127.0.0.1:${ports.sasl}`;
    this.tls = `127.0.0.1:${ports.tls}`;
    this.behindProxyPort = ports.behindProxy;
    this.proxyPort = ports.proxy;
    this.certificate = certificate;
  }

  static async start(): Promise<SecuredBroker> {
    const { kafka } = await installTools(['kafka']);
    const supervisor = new Supervisor(await RunFolder.create(6));
    const { run, died } = supervisor;
    const [controller = 0, plain = 0, sasl = 0, tls = 0, behindProxy = 0, proxy = 0] = run.ports;
    const ports = { controller, plain, sasl, tls, behindProxy, proxy };
    const keystore = join(run.data, 'broker.p12');
    const certificate = makeCertificate(keystore);
    const options = { alias: 'secured', awsRegion: 'us-west-2', serverProperties: properties(ports, keystore) };
    supervisor.clusters.push(new KafkaCluster(run, kafka, options, [controller, plain], died));
    await supervisor.start();
    const broker = new SecuredBroker(supervisor, ports, certificate);
    try {
      await addScramUsers(plain);
      return broker;
    } catch (error) {
      await broker[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supervisor.stop(false);
  }
}

interface Ports {
  readonly controller: number;
  readonly plain: number;
  readonly sasl: number;
  readonly tls: number;
  readonly behindProxy: number;
  readonly proxy: number;
}

function properties(ports: Ports, keystore: string): Record<string, string> {
  const at = (listener: string, port: number) => `${listener}://127.0.0.1:${port}`;
  const own = [at('PLAINTEXT', ports.plain), at('SASL', ports.sasl), at('TLS', ports.tls)];
  const users = [OWNER, STRANGER].map(({ username, password }) => `user_${username}="${password}"`).join(' ');
  return {
    listeners: [...own, at('PROXIED', ports.behindProxy), at('CONTROLLER', ports.controller)].join(','),
    'advertised.listeners': [...own, at('PROXIED', ports.proxy)].join(','),
    'listener.security.protocol.map':
      'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:ANONYMOUS;User:${OWNER.username}`,
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    'connections.max.reauth.ms': String(SESSION_MS),
    'listener.name.sasl.plain.sasl.jaas.config': `${LOGIN_MODULES}.plain.PlainLoginModule required ${users};`,
    'listener.name.sasl.scram-sha-256.sasl.jaas.config': `${LOGIN_MODULES}.scram.ScramLoginModule required;`,
    'listener.name.sasl.scram-sha-512.sasl.jaas.config': `${LOGIN_MODULES}.scram.ScramLoginModule required;`,
    'listener.name.sasl.oauthbearer.sasl.jaas.config': `${LOGIN_MODULES}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    'ssl.keystore.location': keystore,
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.password': STORE_PASSWORD,
    'ssl.key.password': STORE_PASSWORD,
  };
}

function makeCertificate(keystore: string): string {
  const keytool = (findJava() ?? 'java').replace(/java$/, 'keytool');
  const store = ['-alias', 'broker', '-keystore', keystore, '-storetype', 'PKCS12', '-storepass', STORE_PASSWORD];
  const names = ['-dname', 'CN=broker', '-ext', 'SAN=IP:127.0.0.1'];
  execFileSync(keytool, ['-genkeypair', '-keyalg', 'RSA', '-keysize', '2048', '-validity', '2', ...names, ...store], {
    stdio: 'pipe',
  });
  return execFileSync(keytool, ['-exportcert', '-rfc', ...store], { stdio: 'pipe' }).toString();
}

async function addScramUsers(port: number): Promise<void> {
  const connection = new Connection('test');
  await connection.connect('127.0.0.1', port);
  for (const { mechanism, digest, bytes } of SCRAM_MECHANISMS) {
    const salt = randomBytes(16);
    const saltedPassword = pbkdf2Sync(OWNER.password, salt, SCRAM_ITERATIONS, bytes, digest);
    const credential = { name: OWNER.username, mechanism, iterations: SCRAM_ITERATIONS, salt, saltedPassword };
    await alterUserScramCredentialsV0.api.async(connection, [], [credential]);
  }
  await connection.close();
}
