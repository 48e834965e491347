import { type API, Connection, protocolAPIsById } from '@platformatic/kafka';
import { type ApiVersions, negotiateVersions } from './apis.ts';
import { UnsupportedBrokerError } from './errors.ts';
import { answerOf } from './failure.ts';
import { connectionSecurity, type KafkaSecurity } from './security.ts';

export interface Broker {
  readonly host: string;
  readonly port: number;
}

export interface ConnectionSettings {
  /** Cluster alias, for messages. */
  readonly cluster: string;
  readonly clientId: string;
  readonly security: KafkaSecurity;
  /** TCP, TLS and SASL together. */
  readonly connectTimeoutMs: number;
  /** A request unanswered for so long is given up, and its connection with it. */
  readonly requestTimeoutMs: number;
}

/** Brokers and network devices drop silent connections without a word; AWS NAT gateways and NLBs after 350 s. */
const LONGEST_SILENCE_MS = 240_000;
/** Parts of a SASL session's life after which an idle connection, and one in use, is replaced. */
const SESSION_OLD = 0.8;
const SESSION_OVER = 0.95;
/** Kafka keeps the sequence state of the last 5 batches of a producer, so more in flight could not be told apart. */
const MOST_IN_FLIGHT = 5;
const CLIENT_SOFTWARE = ['causeway', '1'] as const;

/** One authenticated connection to one broker. Requests reach the broker in the order of the calls. */
export class BrokerConnection {
  readonly broker: Broker;
  readonly #cluster: string;
  readonly #connection: Connection;
  #sessionMs = 0;
  #authenticatedAt = 0;
  #lastUsed = Date.now();
  #inFlight = 0;
  #offered = new Map<number, { readonly min: number; readonly max: number }>();

  private constructor(broker: Broker, settings: ConnectionSettings) {
    this.broker = broker;
    this.#cluster = settings.cluster;
    this.#connection = new Connection(settings.clientId, {
      connectTimeout: settings.connectTimeoutMs,
      requestTimeout: settings.requestTimeoutMs,
      maxInflights: MOST_IN_FLIGHT,
      ...connectionSecurity(settings.security, (lifetimeMs) => {
        this.#sessionMs = lifetimeMs;
        this.#authenticatedAt = Date.now();
      }),
    });
    this.#connection.on('error', () => {}); // every request in flight is told by its own rejection
  }

  /** @throws the client's errors as they are, or UnsupportedBrokerError */
  static async open(broker: Broker, settings: ConnectionSettings): Promise<BrokerConnection> {
    const opened = new BrokerConnection(broker, settings);
    try {
      await opened.#connection.connect(broker.host, broker.port);
      const { apiKeys } = await negotiateVersions.async(opened.#connection, ...CLIENT_SOFTWARE);
      for (const { apiKey, minVersion, maxVersion } of apiKeys) {
        opened.#offered.set(apiKey, { min: minVersion, max: maxVersion });
      }
      return opened;
    } catch (error) {
      opened.close();
      if (answerOf(error) !== 'UNSUPPORTED_VERSION') throw error;
      throw new UnsupportedBrokerError(settings.cluster, opened.address, 'is older than Kafka 2.4');
    }
  }

  /** `host:port` */
  get address(): string {
    return addressOf(this.broker);
  }

  /** False when the next request should go over a new connection. One with requests in flight is kept as long as it can be. */
  get usable(): boolean {
    if (!this.#connection.isConnected()) return false;
    const now = Date.now();
    const age = this.#sessionMs > 0 ? (now - this.#authenticatedAt) / this.#sessionMs : 0;
    if (this.#inFlight > 0) return age < SESSION_OVER;
    return age < SESSION_OLD && now - this.#lastUsed < LONGEST_SILENCE_MS;
  }

  /** Sends in the newest version that the broker offers. @throws UnsupportedBrokerError when it offers none */
  async call<A extends unknown[], R>(versions: ApiVersions<A, R>, ...args: A): Promise<R> {
    const api = this.#choose(versions);
    this.#inFlight++;
    this.#lastUsed = Date.now();
    try {
      return await api.async(this.#connection, ...args);
    } finally {
      this.#inFlight--;
    }
  }

  /** At once: requests in flight are rejected, though the broker may still carry them out. */
  close(): void {
    this.#connection.socket?.destroy();
    this.#connection.close().catch(() => {});
  }

  #choose<A extends unknown[], R>(versions: ApiVersions<A, R>): API<A, R> {
    for (const api of versions) {
      const offered = this.#offered.get(api.key);
      if (offered && offered.min <= api.version && api.version <= offered.max) return api;
    }
    const [{ key, version }] = versions;
    const name = protocolAPIsById[key] ?? `API ${key}`;
    const offered = this.#offered.get(key);
    const found = offered
      ? `offers ${name} ${offered.min} to ${offered.max}, not ${version}`
      : `does not offer ${name}`;
    throw new UnsupportedBrokerError(this.#cluster, this.address, found);
  }
}

export function addressOf(broker: Broker): string {
  return broker.host.includes(':') ? `[${broker.host}]:${broker.port}` : `${broker.host}:${broker.port}`;
}

/** @throws RangeError unless `address` is `host:port` */
export function parseBroker(address: string): Broker {
  const separator = address.lastIndexOf(':');
  const host = address.slice(0, separator).replace(/^\[(.*)]$/, '$1');
  const port = Number(address.slice(separator + 1));
  if (host === '' || !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new RangeError(`bootstrap server "${address}" is not host:port`);
  }
  return { host, port };
}
