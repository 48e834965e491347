import { setImmediate as aWhile } from 'node:timers/promises';
import type { PartitionMetadata, RecordMetadata } from 'kafkajs';
import {
  type ClusterProducer,
  type PartitionRequest,
  Refusal,
} from '../../../../../shared/client/failover/producer/ports.ts';

/**
 * - up: requests are written and answered
 * - away: nothing arrives
 * - mute: requests are written, answers are lost at once
 * - silent: requests are written, and nothing is answered until the mode changes
 */
type Mode = 'up' | 'away' | 'mute' | 'silent';

/** An error of the client or the broker, with what it means. */
export class FakeError extends Error {
  readonly refusal: Refusal;

  constructor(message: string, refusal: Refusal) {
    super(message);
    this.refusal = refusal;
  }
}

export function refusalOf(error: unknown): Refusal {
  return error instanceof FakeError ? error.refusal : Refusal.Final;
}

/** One cluster as its idempotent producers see it: a broker that knows a batch by producer id and sequence alone. */
export class FakeCluster {
  readonly logs = new Map<string, string[]>();
  /** Messages of each request that arrived, in the order of arrival. */
  readonly requests: (readonly string[])[] = [];
  partitionCount = 3;
  connections = 0;
  #mode: Mode = 'up';
  #changed = Promise.withResolvers<void>();
  #refuse: ((messages: readonly string[]) => FakeError | undefined) | undefined;
  #topicFailure: FakeError | undefined;

  set mode(mode: Mode) {
    this.#mode = mode;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** The broker refuses requests for which this gives an error. */
  refuse(decide: ((messages: readonly string[]) => FakeError | undefined) | undefined): void {
    this.#refuse = decide;
  }

  failTopics(failure: FakeError | undefined): void {
    this.#topicFailure = failure;
  }

  /** Of all partitions, those of one partition in order. */
  get written(): readonly string[] {
    return [...this.logs.values()].flat();
  }

  producer(): ClusterProducer {
    const producerId = ++this.connections;
    const sequences = new Map<string, number>();
    return {
      connect: async () => {
        if (this.#mode === 'away') throw new FakeError('no broker answers', Refusal.Passing);
      },
      partitions: async () => {
        if (this.#topicFailure !== undefined) throw this.#topicFailure;
        return Array.from({ length: this.partitionCount }, (_, partitionId) => ({ partitionId }) as PartitionMetadata);
      },
      produce: (request, admit) => this.#produce(producerId, sequences, request, admit),
      disconnect: async () => {},
    };
  }

  readonly #batches = new Map<string, { readonly base: number; readonly end: number }>();

  async #produce(
    producerId: number,
    sequences: Map<string, number>,
    { topic, partition, messages }: PartitionRequest,
    admit: () => void,
  ): Promise<RecordMetadata> {
    admit();
    const key = `${topic}-${partition}`;
    const values = messages.map(({ value }) => String(value));
    await aWhile();
    if (this.#mode === 'away') throw new FakeError('connection refused', Refusal.Passing);
    const refused = this.#refuse?.(values);
    if (refused !== undefined) throw refused;
    const sequence = sequences.get(key) ?? 0;
    const base = this.#write(`${producerId} ${key} ${sequence} ${values.length}`, key, values);
    if (this.#mode === 'mute') throw new FakeError('the answer was lost', Refusal.Passing);
    if (this.#mode === 'silent') {
      await this.#changed.promise;
      throw new FakeError('timed out', Refusal.Passing);
    }
    sequences.set(key, sequence + values.length);
    return { topicName: topic, partition, errorCode: 0, baseOffset: String(base) };
  }

  #write(batch: string, key: string, values: readonly string[]): number {
    this.requests.push(values);
    const known = this.#batches.get(batch);
    if (known !== undefined) return known.base;
    const log = this.logs.get(key) ?? [];
    const base = log.length;
    this.logs.set(key, [...log, ...values]);
    this.#batches.set(batch, { base, end: base + values.length });
    return base;
  }
}
