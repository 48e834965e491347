import { setTimeout as wait } from 'node:timers/promises';
import { DeliveryUnknownError } from '../../shared/client/failover/errors.ts';
import type { FailoverProducer } from '../../shared/client/failover/producer/failover-producer.ts';
import { CausewayError } from '../../shared/flow/errors.ts';
import type { Identity, Ledger } from './ledger.ts';

export interface WritersOptions {
  readonly topics: readonly string[];
  /** Of each topic. */
  readonly keys: number;
  /** Records a second, of all topics together. */
  readonly rate: number;
}

/** Between two batches of one topic. */
const EVERY_MS = 100;
/** Before a batch that was refused is given to the producer again. */
const AGAIN_MS = 200;

/** Writes at an even rate, one batch a topic at a time, and notes in the ledger what was acknowledged. */
export class Writers {
  readonly #producer: FailoverProducer;
  readonly #ledger: Ledger;
  readonly #options: WritersOptions;
  #running: Promise<unknown> | undefined;
  #stopping = false;
  /** Records that were given up because nobody knows whether they were written. */
  unknown = 0;
  /** When a batch was acknowledged last, ms since the epoch. */
  lastAt = 0;
  /** The longest that writing stood still, ms. */
  longestPauseMs = 0;

  constructor(producer: FailoverProducer, ledger: Ledger, options: WritersOptions) {
    this.#producer = producer;
    this.#ledger = ledger;
    this.#options = options;
  }

  start(): void {
    this.lastAt = Date.now();
    this.#running = Promise.all(this.#options.topics.map((topic) => this.#write(topic)));
  }

  /** Ends once what is under way has its answer. @throws what writing failed with */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  async #write(topic: string): Promise<void> {
    const { rate, topics, keys } = this.#options;
    const size = Math.max(1, Math.round((rate / topics.length) * (EVERY_MS / 1_000)));
    let turn = 0;
    while (!this.#stopping) {
      const next = wait(EVERY_MS);
      const batch = Array.from({ length: size }, () => this.#ledger.write(topic, `k${turn++ % keys}`));
      await this.#send(topic, batch);
      await next;
    }
  }

  async #send(topic: string, batch: readonly Identity[]): Promise<void> {
    let left = batch;
    while (left.length > 0) {
      try {
        await this.#producer.send({ topic, messages: left.map(({ key, number }) => ({ key, value: String(number) })) });
        this.#ledger.acknowledge(left);
        const now = Date.now();
        this.longestPauseMs = Math.max(this.longestPauseMs, now - this.lastAt);
        this.lastAt = now;
        return;
      } catch (error) {
        if (error instanceof DeliveryUnknownError) left = this.#settle(left, error);
        // Refused: none of it was written, and the application still has it.
        else if (!(error instanceof CausewayError && error.retriable)) throw error;
        await wait(AGAIN_MS);
      }
    }
  }

  /** @returns what was not sent, to be sent again */
  #settle(batch: readonly Identity[], { unknown, unsent }: DeliveryUnknownError): readonly Identity[] {
    const among = (messages: DeliveryUnknownError['unknown']) => {
      const seen = new Set(messages.map(({ message: { key, value } }) => `${key}/${value}`));
      return batch.filter(({ key, number }) => seen.has(`${key}/${number}`));
    };
    const [open, again] = [among(unknown), among(unsent)];
    this.#ledger.leaveOpen(open);
    this.unknown += open.length;
    this.#ledger.acknowledge(batch.filter((each) => !open.includes(each) && !again.includes(each)));
    return again;
  }
}
