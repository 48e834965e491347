import type { FailoverConsumer } from '../../shared/client/failover/consumer/failover-consumer.ts';
import type { Ledger } from './ledger.ts';
import type { RecordForm } from './records.ts';

/** Whoever reads as a group, and notes in the ledger what it reads. */
export interface GroupReader {
  /** As the ledger has it. */
  readonly group: string;
  /** Records read on each cluster, by alias. */
  readonly read: ReadonlyMap<string, number>;
}

/** A consumer group of one member. */
export class Reader implements GroupReader {
  readonly group: string;
  readonly #consumer: FailoverConsumer;
  readonly #ledger: Ledger;
  readonly #records: RecordForm;
  readonly read = new Map<string, number>();

  constructor(group: string, consumer: FailoverConsumer, ledger: Ledger, records: RecordForm) {
    this.group = group;
    this.#consumer = consumer;
    this.#ledger = ledger;
    this.#records = records;
  }

  async start(topics: readonly string[]): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await this.#consumer.run({
      eachMessage: async ({ topic, cluster, message }) => {
        this.#ledger.read(this.group, this.#records.identity(topic, message));
        this.read.set(cluster, (this.read.get(cluster) ?? 0) + 1);
      },
    });
  }

  stop(): Promise<void> {
    return this.#consumer.disconnect();
  }
}
