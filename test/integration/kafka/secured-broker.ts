import { KafkaCluster } from '../../../local/region/kafka-cluster.ts';
import { RunFolder } from '../../../local/region/run-folder.ts';
import { ownerOf, strangerOf } from '../../../local/region/secured-cluster.ts';
import { Supervisor } from '../../../local/region/supervisor.ts';
import { installTools } from '../../../local/setup/tools.ts';

const ALIAS = 'secured';
/** May do everything. */
export const OWNER = ownerOf(ALIAS);
/** Is known, and may do nothing. */
export const STRANGER = strangerOf(ALIAS);
/** How long the broker keeps an authenticated connection without a new authentication. */
export const SESSION_MS = 3_000;

const LOGIN_MODULES = 'org.apache.kafka.common.security';

/**
 * A secured local broker with more ways to connect: SASL without TLS (also OAUTHBEARER with unsigned tokens), TLS without
 * client certificates, and a plain listener that it advertises under `proxyPort`, where a test can stand in between.
 */
export class SecuredBroker implements AsyncDisposable {
  readonly plain: string;
  readonly sasl: string;
  readonly tls: string;
  /** Where the broker itself listens for what comes through the proxy. */
  readonly behindProxyPort: number;
  readonly proxyPort: number;
  /** PEM of the authority of the broker's certificate. */
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
    const supervisor = new Supervisor(await RunFolder.create(7));
    const { run, died } = supervisor;
    const [controller = 0, plain = 0, saslOverTls = 0, tls = 0, sasl = 0, behindProxy = 0, proxy = 0] = run.ports;
    const ports = { controller, plain, sasl, tls, behindProxy, proxy };
    const options = { alias: ALIAS, awsRegion: 'us-west-2', secured: true, serverProperties: properties(ports) };
    const cluster = new KafkaCluster(run, kafka, options, [controller, plain, saslOverTls, tls], died);
    supervisor.clusters.push(cluster);
    await supervisor.start();
    return new SecuredBroker(supervisor, ports, cluster.address.secured?.certificateAuthority ?? '');
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

function properties(ports: Ports): Record<string, string> {
  const at = (listener: string, port: number) => `${listener}://127.0.0.1:${port}`;
  const own = [at('PLAINTEXT', ports.plain), at('SASL', ports.sasl), at('SSL', ports.tls)];
  const users = [OWNER, STRANGER].map(({ username, password }) => `user_${username}="${password}"`).join(' ');
  return {
    listeners: [...own, at('PROXIED', ports.behindProxy), at('CONTROLLER', ports.controller)].join(','),
    'advertised.listeners': [...own, at('PROXIED', ports.proxy)].join(','),
    'listener.security.protocol.map':
      'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,SASL:SASL_PLAINTEXT,SSL:SSL',
    'listener.name.ssl.ssl.client.auth': 'none',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    'connections.max.reauth.ms': String(SESSION_MS),
    'listener.name.sasl.plain.sasl.jaas.config': `${LOGIN_MODULES}.plain.PlainLoginModule required ${users};`,
    'listener.name.sasl.scram-sha-256.sasl.jaas.config': `${LOGIN_MODULES}.scram.ScramLoginModule required;`,
    'listener.name.sasl.scram-sha-512.sasl.jaas.config': `${LOGIN_MODULES}.scram.ScramLoginModule required;`,
    'listener.name.sasl.oauthbearer.sasl.jaas.config': `${LOGIN_MODULES}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
  };
}
