import { addressOf, type Broker, BrokerConnection, type ConnectionSettings } from './broker-connection.ts';
import { ClusterUnreachableError } from './errors.ts';
import { deepestMessage, explain } from './failure.ts';
import { rights } from './rights.ts';

/** `append` connections carry nothing but produce requests, so that nothing delays those. */
type Purpose = 'append' | 'ask';

/** At most one connection to each broker for each purpose, opened when first needed and replaced before it goes stale. */
export class ConnectionPool {
  readonly #settings: ConnectionSettings;
  readonly #bootstrap: readonly Broker[];
  readonly #brokers = new Map<number, Broker>();
  /** The broker that answered last is asked first: a dead one costs its connect time-out only once. */
  #answered: Broker | undefined;
  readonly #connections = new Map<string, Promise<BrokerConnection>>();

  constructor(bootstrap: readonly Broker[], settings: ConnectionSettings) {
    this.#bootstrap = bootstrap;
    this.#settings = settings;
  }

  /** Where brokers listen, as the cluster says. */
  learn(brokers: ReadonlyMap<number, Broker>): void {
    for (const [id, broker] of brokers) this.#brokers.set(id, broker);
  }

  /** @throws the client's errors as they are */
  append(broker: number): Promise<BrokerConnection> {
    return this.#toBroker(broker, 'append');
  }

  /** `any` is the first broker that answers; the others are tried only when it does not. */
  ask(broker: number | 'any'): Promise<BrokerConnection> {
    return broker === 'any' ? this.#toAny() : this.#toBroker(broker, 'ask');
  }

  async close(): Promise<void> {
    const all = [...this.#connections.values()];
    this.#connections.clear();
    for (const each of await Promise.allSettled(all)) if (each.status === 'fulfilled') each.value.close();
  }

  async #toBroker(id: number, purpose: Purpose): Promise<BrokerConnection> {
    const broker = this.#brokers.get(id);
    if (broker !== undefined) return this.#connection(broker, purpose);
    throw new ClusterUnreachableError(this.#settings.cluster, [
      id < 0 ? 'the partition has no leader at the moment' : `broker ${id} is not listed`,
    ]);
  }

  async #toAny(): Promise<BrokerConnection> {
    const failures: string[] = [];
    const tried = new Set<string>();
    for (const broker of this.#candidates()) {
      const address = addressOf(broker);
      if (tried.has(address)) continue;
      tried.add(address);
      try {
        const connection = await this.#connection(broker, 'ask');
        this.#answered = broker;
        return connection;
      } catch (error) {
        const explained = explain(error, {
          cluster: this.#settings.cluster,
          address,
          request: 'a connection',
          subject: `broker ${address}`,
          needs: rights.connect(),
        });
        if (!(explained instanceof ClusterUnreachableError)) throw explained;
        failures.push(`${address}: ${deepestMessage(error)}`);
      }
    }
    throw new ClusterUnreachableError(this.#settings.cluster, failures);
  }

  #candidates(): Broker[] {
    return [...(this.#answered ? [this.#answered] : []), ...this.#brokers.values(), ...this.#bootstrap];
  }

  async #connection(broker: Broker, purpose: Purpose): Promise<BrokerConnection> {
    const key = `${purpose} ${addressOf(broker)}`;
    const held = this.#connections.get(key);
    const connection = held && (await held.catch(() => undefined));
    if (connection?.usable) return connection;
    const current = this.#connections.get(key);
    if (current !== undefined && current !== held) return current;
    connection?.close();
    const opened = BrokerConnection.open(broker, this.#settings);
    this.#connections.set(key, opened);
    return opened;
  }
}
