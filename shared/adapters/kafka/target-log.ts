import type { AppendOutcome, BrokerProducer, LogBounds, LogScan, TargetLog } from '../../append/ports.ts';
import { type TargetOffset, targetOffset } from '../../flow/offset.ts';
import type { Producer } from '../../offsets/head.ts';
import { BATCH_OVERHEAD, type BatchEncoder } from '../../records/batch.ts';
import { MalformedRecordError } from '../../records/errors.ts';
import type { KafkaRecord } from '../../records/record.ts';
import { apis } from './apis.ts';
import type { BrokerConnection } from './broker-connection.ts';
import type { KafkaCluster } from './cluster.ts';
import { Aborted, unlessAborted } from './deadline.ts';
import { type Doing, deepestMessage, explain, isRetriable } from './failure.ts';
import { endOfLeaderEpoch, logBounds } from './log-ends.ts';
import { scanLog } from './log-scan.ts';
import { outcomeOf } from './outcome.ts';
import { type ProduceAnswer, produce } from './produce-api.ts';
import { rights } from './rights.ts';
import { TransactionalId } from './transactional-id.ts';

export interface TargetLogOptions {
  readonly topic: string;
  readonly partition: number;
  /** Owner of the flow's producer id on this partition; no other partition, flow or generation may use it. */
  readonly transactionalId: string;
  /** May be shared by all partitions of a cluster. */
  readonly encoder: BatchEncoder;
  /** The topic's `max.message.bytes`. */
  readonly maxMessageBytes: number;
  /** Default 10,000 */
  readonly transactionTimeoutMs?: number;
  /** Ends every call that is waiting: appends are then `unknown`, anything else throws KafkaDeadlineError. */
  readonly signal?: AbortSignal;
}

/** A request that is on its way. */
interface HandedOver {
  readonly connection: BrokerConnection;
  readonly answer: Promise<ProduceAnswer>;
  /** Of the leader that it was sent to, as the metadata told. */
  readonly leaderEpoch: number;
}

/** The share of a request's time that a broker may wait for its followers, so that its answer comes before we give up. */
const WAIT_FOR_FOLLOWERS = 0.8;

/** One partition of the target cluster, for one invocation. Connections and metadata are the cluster's and stay warm. */
export class KafkaTargetLog implements TargetLog<KafkaRecord> {
  readonly maxBatchBytes: number;
  readonly #cluster: KafkaCluster;
  readonly #options: TargetLogOptions;
  readonly #transactionalId: TransactionalId;
  readonly #doing: Doing;
  /** Settled when the last append has been handed to its connection. */
  #handedOver: Promise<unknown> = Promise.resolve();

  constructor(cluster: KafkaCluster, options: TargetLogOptions) {
    this.maxBatchBytes = options.maxMessageBytes - BATCH_OVERHEAD;
    this.#cluster = cluster;
    this.#options = options;
    this.#transactionalId = new TransactionalId(cluster, options);
    this.#doing = {
      cluster: cluster.alias,
      request: `Produce to ${options.topic}-${options.partition}`,
      subject: `partition ${options.topic}-${options.partition}`,
      needs: rights.writeTopic(options.topic),
    };
  }

  async topicId(): Promise<string> {
    return (await this.#cluster.topic(this.#options.topic, true, this.#options.signal)).topicId;
  }

  sizeOf(record: KafkaRecord): number {
    return this.#options.encoder.sizeOf(record);
  }

  async append(producer: Producer, firstSequence: number, records: readonly KafkaRecord[]): Promise<AppendOutcome> {
    const { topic, signal } = this.#options;
    const handedOver = this.#handedOver.then(() => this.#handOver(producer, firstSequence, records));
    this.#handedOver = handedOver.catch(() => {});
    let connection: BrokerConnection | undefined;
    try {
      const sent = await unlessAborted(handedOver, signal);
      connection = sent.connection;
      const outcome = outcomeOf(await unlessAborted(sent.answer, signal), this.#doing);
      if (outcome.kind === 'unknown') this.#cluster.forgetTopic(topic);
      return outcome.kind === 'appended' ? { ...outcome, leaderEpoch: sent.leaderEpoch } : outcome;
    } catch (error) {
      return this.#outcomeOfFailure(error, connection);
    }
  }

  scan(from: TargetOffset): Promise<LogScan> {
    const { topic, partition, signal } = this.#options;
    return scanLog(this.#cluster, { topic, partition, signal }, from);
  }

  bounds(): Promise<LogBounds> {
    const { topic, partition, signal } = this.#options;
    return logBounds(this.#cluster, { topic, partition, signal });
  }

  async endOfLeaderEpoch(leaderEpoch: number): Promise<TargetOffset> {
    const { topic, partition, signal } = this.#options;
    return targetOffset(await endOfLeaderEpoch(this.#cluster, { topic, partition, signal }, leaderEpoch));
  }

  async describeProducer(producerId: bigint): Promise<BrokerProducer | undefined> {
    const { topic, partition, signal } = this.#options;
    const { topics } = await this.#cluster.callLeader(topic, partition, {
      request: `DescribeProducers of ${topic}-${partition}`,
      subject: `partition ${topic}-${partition}`,
      needs: rights.readTopic(topic),
      signal,
      run: (connection) => connection.call(apis.describeProducers, [{ name: topic, partitionIndexes: [partition] }]),
    });
    const found = topics[0]?.partitions[0]?.activeProducers.find((each) => each.producerId === producerId);
    return found && { epoch: found.producerEpoch, lastSequence: found.lastSequence };
  }

  initProducer(): Promise<Producer> {
    return this.#transactionalId.initProducer();
  }

  requestMarker(producer: Producer): Promise<'requested' | 'superseded'> {
    return this.#transactionalId.abortOn(this.#options.topic, this.#options.partition, producer);
  }

  /** Returns as soon as the request is on its way; one after the other, so that they leave in the order of the calls. */
  async #handOver(producer: Producer, firstSequence: number, records: readonly KafkaRecord[]): Promise<HandedOver> {
    const { topic, partition, encoder, signal } = this.#options;
    const { leader, leaderEpoch } = await this.#cluster.partition(topic, partition, false, signal);
    const connection = await this.#cluster.appendConnection(leader);
    if (signal?.aborted) throw new Aborted();
    const answer = connection.call(produce, {
      topic,
      partition,
      batch: () => encoder.encode(records, producer, firstSequence),
      timeoutMs: Math.floor(this.#cluster.requestTimeoutMs * WAIT_FOR_FOLLOWERS),
    });
    answer.catch(() => {});
    return { connection, answer, leaderEpoch };
  }

  #outcomeOfFailure(error: unknown, connection: BrokerConnection | undefined): AppendOutcome {
    if (error instanceof MalformedRecordError) return { kind: 'failed', error };
    this.#cluster.forgetTopic(this.#options.topic);
    if (error instanceof Aborted) {
      connection?.close();
      return { kind: 'unknown', reason: 'the time of the invocation ran out' };
    }
    if (isRetriable(error)) return { kind: 'unknown', reason: deepestMessage(error) };
    return {
      kind: 'failed',
      error: explain(error, { ...this.#doing, ...(connection && { address: connection.address }) }),
    };
  }
}
