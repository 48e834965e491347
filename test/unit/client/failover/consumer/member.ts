import type { Batch, ConsumerRunConfig, EachBatchPayload, TopicPartitionOffsetAndMetadata } from 'kafkajs';
import type { GroupConsumer, TopicSubscription } from '../../../../../shared/client/failover/consumer/ports.ts';

const nothing = async () => {};

/** One membership, which hands messages over and commits as kafkajs 2.2.4 does. */
export class FakeMember implements GroupConsumer {
  readonly cluster: string;
  subscriptions: readonly TopicSubscription[] = [];
  /** By `topic-partition`: the next offset to read. */
  readonly committed = new Map<string, number>();
  readonly joining = Promise.withResolvers<void>();
  state: 'new' | 'joining' | 'joined' | 'leaving' | 'left' = 'new';
  #run: ConsumerRunConfig = {};
  #isPaused = false;
  readonly #resolved = new Map<string, number>();
  readonly #workers = new Map<number, Promise<unknown>>();

  /** @param joins false: `joining` is to be settled by the test */
  constructor(cluster: string, joins = true) {
    this.cluster = cluster;
    if (joins) this.joining.resolve();
  }

  async join(subscriptions: readonly TopicSubscription[], run: ConsumerRunConfig): Promise<void> {
    this.subscriptions = subscriptions;
    this.#run = run;
    this.state = 'joining';
    await this.joining.promise;
    this.state = 'joined';
  }

  pauseAll(): void {
    this.#isPaused = true;
  }

  async commit(offsets: TopicPartitionOffsetAndMetadata[]): Promise<void> {
    for (const { topic, partition, offset } of offsets) this.committed.set(`${topic}-${partition}`, Number(offset));
  }

  async leave(): Promise<void> {
    this.state = 'leaving';
    await Promise.all(this.#workers.values());
    this.state = 'left';
  }

  /** What one fetch brings of one partition, from offset 0; a worker works on its batches one after the other. */
  deliver(topic: string, partition: number, values: readonly string[], worker = 0): void {
    const messages = values.map((value, offset) => ({ offset: String(offset), value: Buffer.from(value) }));
    const batch = {
      ...{ topic, partition, messages },
      lastOffset: () => String(values.length - 1),
    } as unknown as Batch;
    const work = () => (this.#run.eachMessage ? this.#eachMessage(batch) : this.#eachBatch(batch));
    const before = this.#workers.get(worker) ?? Promise.resolve();
    this.#workers.set(
      worker,
      before.then(work).catch(() => this.#autoCommit()),
    );
  }

  async #eachMessage({ topic, partition, messages }: Batch): Promise<void> {
    for (const message of messages) {
      if (this.state !== 'joined') break;
      await this.#run.eachMessage?.({ topic, partition, message, heartbeat: nothing, pause: () => () => {} });
      this.#resolved.set(`${topic}-${partition}`, Number(message.offset) + 1);
      if (this.#isPaused) break;
    }
    await this.#autoCommit();
  }

  async #eachBatch(batch: Batch): Promise<void> {
    if (this.state !== 'joined') return;
    const payload: EachBatchPayload = {
      batch,
      resolveOffset: (offset) => this.#resolved.set(`${batch.topic}-${batch.partition}`, Number(offset) + 1),
      heartbeat: nothing,
      pause: () => () => {},
      commitOffsetsIfNecessary: nothing,
      uncommittedOffsets: () => ({ topics: [] }),
      isRunning: () => this.state === 'joined',
      isStale: () => false,
    };
    await this.#run.eachBatch?.(payload);
    if (this.#run.eachBatchAutoResolve ?? true) payload.resolveOffset(batch.lastOffset());
    await this.#autoCommit();
  }

  async #autoCommit(): Promise<void> {
    if (this.#run.autoCommit === false) return;
    for (const [place, offset] of this.#resolved) this.committed.set(place, offset);
  }
}
