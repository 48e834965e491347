import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { newRecords } from './new-records.ts';
import type { Replicator } from './replicator.ts';

/** What failed is delivered again. */
const AGAIN_MS = 30;

export interface EventSourceOptions {
  readonly topic: string;
  readonly partitions: number;
  readonly clusterArn: string;
  readonly consumerGroup: string;
  readonly source: KafkaCluster;
  readonly replicator: Replicator;
}

/** An event source mapping: each partition in order, one batch in flight, what failed again, until it is disabled. */
export class EventSource {
  readonly uuid = randomUUID();
  /** Whether the brokers of its source answer. */
  reaches = true;
  readonly #options: EventSourceOptions;
  /** Where each partition is read on. */
  readonly #positions: number[];
  #enabled = true;
  #woken = false;
  #polling: Promise<void> | undefined;

  constructor(options: EventSourceOptions) {
    this.#options = options;
    this.#positions = Array.from({ length: options.partitions }, () => 0);
  }

  /** As `ListEventSourceMappings` describes it. */
  get configuration() {
    const { topic, clusterArn, consumerGroup } = this.#options;
    return {
      UUID: this.uuid,
      Topics: [topic],
      State: this.#enabled ? 'Enabled' : this.#polling ? 'Disabling' : 'Disabled',
      EventSourceArn: clusterArn,
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: consumerGroup },
    };
  }

  /** Disabled, it ends when what is under way is delivered. */
  async set(enabled: boolean): Promise<void> {
    this.#enabled = enabled;
    if (enabled) this.wake();
    else await this.#polling;
  }

  /** There may be records to be delivered. */
  wake(): void {
    this.#woken = true;
    if (!this.#enabled) return;
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = undefined;
      if (this.#woken && this.#enabled) this.wake();
    });
  }

  async #poll(): Promise<void> {
    while (this.#enabled && this.#woken && this.reaches) {
      this.#woken = false;
      const delivered = await Promise.all(this.#positions.map((from, partition) => this.#deliver(partition, from)));
      if (delivered.every((all) => all)) continue;
      this.#woken = true;
      await delay(AGAIN_MS);
    }
    if (!this.reaches) this.#woken = false;
  }

  /** @returns whether all of it is in the target */
  async #deliver(partition: number, from: number): Promise<boolean> {
    const { source, topic, replicator } = this.#options;
    const records = await newRecords(source, { topic, partition }, from);
    const last = records.at(-1);
    if (last === undefined) return true;
    const { stopped } = await replicator.deliver(records);
    this.#positions[partition] = stopped?.from ?? last.offset + 1;
    return stopped === undefined;
  }
}
