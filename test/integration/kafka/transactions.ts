import kafkajs from 'kafkajs';
import { until } from '../../../local/region/until.ts';
import { uniqueName } from './target.ts';

const { Kafka, logLevel } = kafkajs;
const WITHIN_MS = 20_000;

/** What becomes of records that are written: `plain` ones are in no transaction. */
export type Ending = 'plain' | 'commit' | 'abort' | 'open';

export interface Writing {
  readonly partition?: number;
  /** Of each value, bytes; default a few. */
  readonly valueBytes?: number;
  /** Written in one batch each; default in one batch all. */
  readonly apart?: boolean;
}

/** An application that writes to one topic by a client that is not ours, with transactions and without. */
export class TransactionalWriter implements AsyncDisposable {
  readonly #topic: string;
  readonly #kafka: kafkajs.Kafka;
  readonly #plain: kafkajs.Producer;
  readonly #transactional: kafkajs.Producer;
  readonly #admin: kafkajs.Admin;
  #open: kafkajs.Transaction | undefined;

  private constructor(bootstrapServers: string, topic: string) {
    this.#topic = topic;
    const brokers = bootstrapServers.split(',');
    this.#kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 20 } });
    this.#plain = this.#kafka.producer();
    const id = { transactionalId: uniqueName(topic), idempotent: true, maxInFlightRequests: 1 };
    this.#transactional = this.#kafka.producer(id);
    this.#admin = this.#kafka.admin();
  }

  static async open(bootstrapServers: string, topic: string): Promise<TransactionalWriter> {
    const writer = new TransactionalWriter(bootstrapServers, topic);
    await Promise.all([writer.#plain, writer.#transactional, writer.#admin].map((each) => each.connect()));
    return writer;
  }

  /** @returns the offset of the first, when all of them, and the marker, stand in the log */
  async write(count: number, ending: Ending, { partition = 0, valueBytes = 4, apart = false }: Writing = {}) {
    const messages = Array.from({ length: count }, (_, i) => ({ partition, value: `${i}`.padEnd(valueBytes, 'v') }));
    const batches = apart ? messages.map((each) => [each]) : [messages];
    const transaction = ending === 'plain' ? undefined : await this.#transactional.transaction();
    const offsets: number[] = [];
    for (const batch of batches) {
      const [sent] = await (transaction ?? this.#plain).send({ topic: this.#topic, messages: batch });
      offsets.push(Number(sent?.baseOffset));
    }
    const first = offsets[0] ?? Number.NaN;
    if (ending === 'open') {
      this.#open = transaction;
      return first;
    }
    if (ending !== 'plain') await transaction?.[ending]();
    await this.#untilCommittedEnd(partition, first + count + (ending === 'plain' ? 0 : 1));
    return first;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open?.abort();
    await Promise.all([this.#plain, this.#transactional, this.#admin].map((each) => each.disconnect()));
  }

  /** EndTxn answers before the transaction's marker stands in the log; kafkajs tells the last stable offset. */
  async #untilCommittedEnd(partition: number, end: number): Promise<void> {
    const reached = async () =>
      (await this.#admin.fetchTopicOffsets(this.#topic)).some(
        (each) => each.partition === partition && Number(each.high) >= end,
      );
    await until(reached, WITHIN_MS, (last) => new Error(`${this.#topic}-${partition} did not reach ${end}: ${last}`));
  }
}
