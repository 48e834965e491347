import type { FailoverConsumer } from '../../shared/client/failover/consumer/failover-consumer.ts';
import type { Ledger } from './ledger.ts';

/** A consumer group of one member, which notes in the ledger what it reads. */
export class Reader {
  readonly group: string;
  readonly #consumer: FailoverConsumer;
  readonly #ledger: Ledger;
  /** Records read on each cluster, by alias. */
  readonly read = new Map<string, number>();

  constructor(group: string, consumer: FailoverConsumer, ledger: Ledger) {
    this.group = group;
    this.#consumer = consumer;
    this.#ledger = ledger;
  }

  async start(topics: readonly string[]): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await this.#consumer.run({
      eachMessage: async ({ topic, cluster, message: { key, value } }) => {
        this.#ledger.read(this.group, { topic, key: key?.toString() ?? '', number: Number(value?.toString()) });
        this.read.set(cluster, (this.read.get(cluster) ?? 0) + 1);
      },
    });
  }

  stop(): Promise<void> {
    return this.#consumer.disconnect();
  }
}
