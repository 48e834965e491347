import type { Producer } from '../../offsets/head.ts';
import { apis } from './apis.ts';
import type { Call, KafkaCluster } from './cluster.ts';
import { answerOf } from './failure.ts';
import { rights } from './rights.ts';

export interface TransactionalIdOptions {
  readonly transactionalId: string;
  /** After so long the coordinator itself aborts what a crash left open; default 10,000. */
  readonly transactionTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The transactional id of a partition, the same for all that append to it or fence it. */
export function transactionalIdOf(consumerGroup: string, partition: number): string {
  return `${consumerGroup}.${partition}`;
}

/** The owner of a partition's producer id: raises its epoch, and has markers of it written. Data is never sent in transactions. */
export class TransactionalId {
  readonly #cluster: KafkaCluster;
  readonly #id: string;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | undefined;

  constructor(cluster: KafkaCluster, options: TransactionalIdOptions) {
    this.#cluster = cluster;
    this.#id = options.transactionalId;
    this.#timeoutMs = options.transactionTimeoutMs ?? 10_000;
    this.#signal = options.signal;
  }

  /** A producer id, or the same with a higher epoch. An answer that got lost raises the epoch twice; no harm. */
  async initProducer(): Promise<Producer> {
    const answer = await this.#call('InitProducerId', (connection) =>
      connection.call(apis.initProducerId, this.#id, this.#timeoutMs, -1n, -1),
    );
    return { producerId: answer.producerId, epoch: answer.producerEpoch };
  }

  /**
   * Begins and aborts a transaction of one partition. Its marker is in the log some time after this returns `requested`;
   * `superseded`: the epoch was raised by somebody else, or by the coordinator after the time-out.
   */
  async abortOn(
    topic: string,
    partition: number,
    { producerId, epoch }: Producer,
  ): Promise<'requested' | 'superseded'> {
    const topics = [{ name: topic, partitions: [partition] }];
    try {
      await this.#call(`AddPartitionsToTxn of ${topic}-${partition}`, (connection) =>
        connection.call(apis.addPartitionsToTxn, [
          { transactionalId: this.#id, producerId, producerEpoch: epoch, verifyOnly: false, topics },
        ]),
      );
      await this.#call('EndTxn', (connection) => connection.call(apis.endTxn, this.#id, producerId, epoch, false));
      return 'requested';
    } catch (error) {
      if (SUPERSEDED_ANSWERS.has(answerOf(error) ?? '')) return 'superseded';
      throw error;
    }
  }

  #call<R>(request: string, run: Call<R>['run']): Promise<R> {
    return this.#cluster.callCoordinator(this.#id, {
      request: `${request} for transactional id ${this.#id}`,
      subject: `transactional id ${this.#id}`,
      needs: rights.writeTransactionalId(this.#id),
      signal: this.#signal,
      run,
    });
  }
}

const SUPERSEDED_ANSWERS = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING']);
