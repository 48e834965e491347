import type { CausewayError } from '../../flow/errors.ts';
import { apis, TRANSACTION_COORDINATOR } from './apis.ts';
import { type BrokerConnection, parseBroker } from './broker-connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { Aborted, Backoff, unlessAborted } from './deadline.ts';
import { ClusterUnreachableError, KafkaAuthorizationError, KafkaDeadlineError, UnknownTopicError } from './errors.ts';
import { type Doing, explain, isRetriable } from './failure.ts';
import {
  type ClusterMetadata,
  type PartitionMetadata,
  readMetadata,
  type TopicMetadata,
  withoutPerTopicErrors,
} from './metadata.ts';
import { rights } from './rights.ts';
import type { KafkaSecurity } from './security.ts';

export interface KafkaClusterOptions {
  /** The cluster's alias in the configuration; errors name it. */
  readonly alias: string;
  /** As `bootstrap.servers`: `host:port`, IPv6 addresses in brackets. */
  readonly bootstrapServers: readonly string[];
  /** Plaintext when absent. */
  readonly security?: KafkaSecurity;
  /** Default `causeway`. */
  readonly clientId?: string;
  /** Default 5,000 */
  readonly connectTimeoutMs?: number;
  /** Default 10,000 */
  readonly requestTimeoutMs?: number;
  /** How long a call is repeated while the cluster says that it is not ready; default 20,000. */
  readonly patienceMs?: number;
}

/** A request to somebody in the cluster, repeated while that may help. */
export interface Call<R> extends Omit<Doing, 'cluster' | 'address'> {
  /** The broker to ask now; `again` after a failure that newer metadata may cure. */
  readonly to: (again: boolean) => Promise<number | 'any'>;
  readonly run: (connection: BrokerConnection) => Promise<R>;
  readonly signal: AbortSignal | undefined;
}

/**
 * One Kafka cluster: what is known of its topics and leaders, and warm connections to its brokers. Kept from one
 * invocation to the next; nothing in it needs closing before the environment is frozen.
 */
export class KafkaCluster {
  readonly alias: string;
  readonly requestTimeoutMs: number;
  readonly #patienceMs: number;
  readonly #pool: ConnectionPool;
  readonly #coordinators = new Map<string, number>();
  readonly #topics = new Map<string, TopicMetadata>();
  /** What the last call met, unless a broker has answered since. */
  #unreachable: ClusterUnreachableError | undefined;
  readonly #asking = new Map<string, Promise<ClusterMetadata>>();

  constructor(options: KafkaClusterOptions) {
    this.alias = options.alias;
    this.requestTimeoutMs = options.requestTimeoutMs ?? 10_000;
    this.#patienceMs = options.patienceMs ?? 20_000;
    this.#pool = new ConnectionPool(options.bootstrapServers.map(parseBroker), {
      cluster: options.alias,
      clientId: options.clientId ?? 'causeway',
      security: options.security ?? { protocol: 'PLAINTEXT' },
      connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
      requestTimeoutMs: this.requestTimeoutMs,
    });
  }

  /** Metadata as a broker tells it now, of `topics` or of all. Calls of the same turn for the same topics share a request. */
  async metadata(topics: readonly string[] | 'all', signal?: AbortSignal): Promise<ClusterMetadata> {
    const key = topics === 'all' ? '*' : topics.join(' ');
    const asked = this.#asking.get(key) ?? this.#askMetadataSoon(key, topics);
    try {
      return await unlessAborted(asked, signal);
    } catch (error) {
      throw error instanceof Aborted ? this.#outOfTime('Metadata') : error;
    }
  }

  /** What is known of a topic; `fresh` asks the cluster. @throws UnknownTopicError */
  async topic(name: string, fresh: boolean, signal?: AbortSignal): Promise<TopicMetadata> {
    const known = fresh ? undefined : this.#topics.get(name);
    if (known) return known;
    const metadata = await this.metadata([name], signal);
    const topic = metadata.topics.get(name);
    if (topic !== undefined) return topic;
    const code = metadata.refused.get(name);
    if (code === TOPIC_AUTHORIZATION_FAILED) throw new KafkaAuthorizationError(this.alias, rights.describeTopic(name));
    if (code === LEADER_NOT_AVAILABLE)
      throw new ClusterUnreachableError(this.alias, [`topic ${name} has no leaders yet`]);
    throw new UnknownTopicError(this.alias, `topic ${name}`);
  }

  /** @throws UnknownTopicError */
  async partition(topic: string, partition: number, fresh: boolean, signal?: AbortSignal): Promise<PartitionMetadata> {
    const { partitions } = await this.topic(topic, fresh, signal);
    const found =
      partitions.get(partition) ??
      (fresh ? undefined : (await this.topic(topic, true, signal)).partitions.get(partition));
    if (found === undefined) throw new UnknownTopicError(this.alias, `partition ${topic}-${partition}`);
    return found;
  }

  /** Forget who leads what in `topic`: a broker said that it is no longer so. */
  forgetTopic(topic: string): void {
    this.#topics.delete(topic);
  }

  /** The connection that appends go over to `broker`, in order. @throws the client's errors as they are */
  appendConnection(broker: number): Promise<BrokerConnection> {
    return this.#pool.append(broker);
  }

  /** For a request that is a part of a `call` and whose failure that one deals with. */
  connectionTo(broker: number): Promise<BrokerConnection> {
    return this.#pool.ask(broker);
  }

  /** @throws CausewayError subclasses that say what failed; KafkaDeadlineError when `signal` ends it */
  async call<R>(call: Call<R>): Promise<R> {
    const backoff = new Backoff(this.#patienceMs, call.signal);
    for (let again = false; ; again = true) {
      let address: string | undefined;
      try {
        const target = await call.to(again);
        const connection = await unlessAborted(this.#pool.ask(target), call.signal);
        address = connection.address;
        const answer = await unlessAborted(call.run(connection), call.signal);
        this.#unreachable = undefined;
        return answer;
      } catch (error) {
        if (error instanceof Aborted) throw this.#outOfTime(call.request);
        const explained = explain(error, { ...call, cluster: this.alias, ...(address && { address }) });
        if (!isRetriable(error)) throw explained;
        if (explained instanceof ClusterUnreachableError) this.#unreachable = explained;
        if (!(await backoff.pause())) {
          throw call.signal?.aborted && !(explained instanceof ClusterUnreachableError)
            ? new KafkaDeadlineError(this.alias, call.request, explained)
            : explained;
        }
      }
    }
  }

  /** Looks again until there is an answer. @throws KafkaDeadlineError when there is none in time */
  async waitFor<T>(what: string, signal: AbortSignal | undefined, look: () => Promise<T | undefined>): Promise<T> {
    const backoff = new Backoff(this.#patienceMs, signal);
    for (;;) {
      const seen = await look();
      if (seen !== undefined) return seen;
      if (!(await backoff.pause())) throw new KafkaDeadlineError(this.alias, what);
    }
  }

  /** A call to the broker that leads a partition. */
  callLeader<R>(
    topic: string,
    partition: number,
    call: Omit<Call<R>, 'to' | 'run'> & { run: (connection: BrokerConnection, leaderEpoch: number) => Promise<R> },
  ): Promise<R> {
    let leaderEpoch = -1;
    return this.call({
      ...call,
      to: async (again) => {
        const metadata = await this.partition(topic, partition, again, call.signal);
        leaderEpoch = metadata.leaderEpoch;
        return metadata.leader;
      },
      run: (connection) => call.run(connection, leaderEpoch),
    });
  }

  /** A call to the coordinator of a transactional id. */
  callCoordinator<R>(transactionalId: string, call: Omit<Call<R>, 'to'>): Promise<R> {
    return this.call({ ...call, to: (again) => this.#coordinator(transactionalId, again, call.signal) });
  }

  /** Ends all connections; requests in flight are given up. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  /** Time that ran out because nobody answers is told as that. */
  #outOfTime(doing: string): CausewayError {
    return this.#unreachable ?? new KafkaDeadlineError(this.alias, doing);
  }

  async #coordinator(transactionalId: string, fresh: boolean, signal: AbortSignal | undefined): Promise<number> {
    const known = fresh ? undefined : this.#coordinators.get(transactionalId);
    if (known !== undefined) return known;
    const found = await this.call({
      request: `FindCoordinator of transactional id ${transactionalId}`,
      subject: `transactional id ${transactionalId}`,
      needs: rights.describeTransactionalId(transactionalId),
      signal,
      to: async () => 'any',
      run: (connection) => connection.call(apis.findCoordinator, TRANSACTION_COORDINATOR, [transactionalId]),
    });
    const node = found.coordinators[0];
    if (node === undefined) return -1;
    this.#pool.learn(new Map([[node.nodeId, { host: node.host, port: node.port }]]));
    this.#coordinators.set(transactionalId, node.nodeId);
    return node.nodeId;
  }

  #askMetadataSoon(key: string, topics: readonly string[] | 'all'): Promise<ClusterMetadata> {
    const asked = Promise.resolve().then(() => {
      this.#asking.delete(key);
      return this.#askMetadata(topics);
    });
    this.#asking.set(key, asked);
    return asked;
  }

  async #askMetadata(topics: readonly string[] | 'all'): Promise<ClusterMetadata> {
    const subject = topics === 'all' ? 'topics' : `topic ${topics.join(', ')}`;
    const metadata = await this.call({
      request: `Metadata of ${subject}`,
      subject,
      needs: rights.describeTopic(topics === 'all' ? '*' : topics.join(', ')),
      signal: undefined,
      to: async () => 'any',
      run: async (connection) => {
        const response = await connection
          .call(apis.metadata, topics === 'all' ? null : [...topics], false, false)
          .catch(withoutPerTopicErrors);
        return readMetadata(response);
      },
    });
    this.#pool.learn(metadata.brokers);
    for (const topic of topics === 'all' ? [] : topics) this.#topics.delete(topic);
    for (const [name, topic] of metadata.topics) this.#topics.set(name, topic);
    return metadata;
  }
}

const LEADER_NOT_AVAILABLE = 5;
const TOPIC_AUTHORIZATION_FAILED = 29;
