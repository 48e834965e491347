import { setTimeout as wait } from 'node:timers/promises';
import type { Message } from 'kafkajs';
import { DeliveryUnknownError } from '../../shared/client/failover/errors.ts';
import type { FailoverProducer } from '../../shared/client/failover/producer/failover-producer.ts';
import { CausewayError } from '../../shared/flow/errors.ts';
import type { Identity, Ledger } from './ledger.ts';
import { KEY_AND_NUMBER, type RecordForm } from './records.ts';

export interface WritersOptions {
  readonly topics: readonly string[];
  /** Of each topic. */
  readonly keys: number;
  /** Records a second, of all topics together. */
  readonly rate: number;
  /** Between two batches of one topic; default 100 ms. */
  readonly everyMs?: number;
  /** Default: nothing but key and number. */
  readonly records?: RecordForm;
}

const EVERY_MS = 100;
/** Before a batch that was refused is given to the producer again. */
const AGAIN_MS = 200;

/** Writes at an even rate, one batch a topic at a time, and notes in the ledger what was acknowledged. */
export class Writers {
  readonly #producer: FailoverProducer;
  readonly #ledger: Ledger;
  readonly #options: WritersOptions;
  readonly #running: Promise<void>[] = [];
  #stopping = false;
  /** Records a second, of all topics together. */
  rate: number;
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
    this.rate = options.rate;
  }

  /** @param topics to begin with; default all */
  start(topics: readonly string[] = this.#options.topics): void {
    this.lastAt = Date.now();
    for (const topic of topics) {
      const running = this.#write(topic);
      // Thrown by `stop`.
      running.catch(() => {});
      this.#running.push(running);
    }
  }

  /** Ends once what is under way has its answer. @throws what writing failed with */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#running);
  }

  async #write(topic: string): Promise<void> {
    const { topics, keys, everyMs = EVERY_MS } = this.#options;
    let turn = 0;
    while (!this.#stopping) {
      const next = wait(everyMs);
      const size = Math.max(1, Math.round((this.rate / topics.length) * (everyMs / 1_000)));
      const batch = Array.from({ length: size }, () => this.#ledger.write(topic, String(turn++ % keys)));
      await this.#send(topic, batch);
      await next;
    }
  }

  async #send(topic: string, batch: readonly Identity[]): Promise<void> {
    const { records = KEY_AND_NUMBER } = this.#options;
    let left = new Map(batch.map((identity): [Message, Identity] => [records.message(identity), identity]));
    while (left.size > 0) {
      try {
        await this.#producer.send({ topic, messages: [...left.keys()] });
        this.#ledger.acknowledge([...left.values()]);
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
  #settle(batch: ReadonlyMap<Message, Identity>, { unknown, unsent }: DeliveryUnknownError): Map<Message, Identity> {
    const among = (messages: DeliveryUnknownError['unknown']) => new Set(messages.map(({ message }) => message));
    const [open, again] = [among(unknown), among(unsent)];
    const identities = (isWanted: (message: Message) => boolean) =>
      [...batch].filter(([message]) => isWanted(message)).map(([, identity]) => identity);
    this.#ledger.leaveOpen(identities((message) => open.has(message)));
    this.unknown += open.size;
    this.#ledger.acknowledge(identities((message) => !open.has(message) && !again.has(message)));
    return new Map([...batch].filter(([message]) => again.has(message)));
  }
}
