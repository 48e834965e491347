import type { Message } from 'kafkajs';
import { identityOf } from '../../../local/demo/reader.ts';
import type { WrittenRecord } from './oracle.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

type Stamped = Message & { readonly timestamp: string };

export interface ApplicationOptions {
  readonly topic: string;
  readonly partition: number;
  /** Makes every record of the run different from every other. */
  readonly name: string;
  /** Few of them: the more is compacted away. */
  readonly keys: number;
  /** Age of the records when they are written, ms. */
  readonly ageMs: number;
}

/** The application on the source: writes records into one partition and remembers what it was acknowledged. */
export class SourceApplication {
  /** Of the topic as it is now; committed ones only. */
  written: WrittenRecord[] = [];
  /** Identities of records whose transactions were aborted. */
  readonly aborted = new Set<string>();
  readonly #world: World;
  readonly #options: ApplicationOptions;
  readonly #random: Random;
  #count = 0;
  #transactions = 0;

  constructor(world: World, random: Random, options: ApplicationOptions) {
    this.#world = world;
    this.#random = random;
    this.#options = options;
  }

  /** @param aheadMs how far the records' timestamps lie in the future */
  async produce(count: number, aheadMs = 0): Promise<void> {
    const messages = this.#messages(count, aheadMs);
    const [answer] = await this.#world.producer.send({ topic: this.#options.topic, messages, acks: -1 });
    this.#remember(messages, Number(answer?.baseOffset));
  }

  /** @param end whether the transaction is committed or aborted */
  async produceInTransaction(count: number, end: 'commit' | 'abort'): Promise<void> {
    const producer = this.#world.sourceClient.producer({
      transactionalId: `${this.#options.name}-${this.#transactions++}`,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    try {
      const messages = this.#messages(count);
      const transaction = await producer.transaction();
      const [answer] = await transaction.send({ topic: this.#options.topic, messages });
      await transaction[end]();
      if (end === 'commit') this.#remember(messages, Number(answer?.baseOffset));
      else for (const message of messages) this.aborted.add(identity(message));
    } finally {
      await producer.disconnect();
    }
  }

  #messages(count: number, aheadMs = 0): Stamped[] {
    return Array.from({ length: count }, () => this.#message(Date.now() + aheadMs));
  }

  #message(now: number): Stamped {
    const { name, partition, keys, ageMs } = this.#options;
    const number = this.#count++;
    const key = keys > 0 ? `key-${this.#random.int(1, keys)}` : this.#random.chance(0.3) ? null : `key-${number}`;
    const filler = 'x'.repeat(this.#random.int(0, 120));
    const value = keys > 0 && this.#random.chance(0.1) ? null : `${number} ${filler}`;
    const headers = { id: `${name} ${number}`, ...(this.#random.chance(0.3) ? { empty: '' } : {}) };
    return { partition, key, value, headers, timestamp: String(now - ageMs) };
  }

  #remember(messages: readonly Stamped[], base: number): void {
    for (const [i, message] of messages.entries()) {
      this.written.push({ offset: base + i, identity: identity(message), key: keyOf(message) });
    }
  }
}

function identity({ key = null, value, headers = {}, timestamp }: Stamped): string {
  return identityOf({
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers,
    timestamp,
    attributes: 0,
    offset: '',
  });
}

function keyOf({ key }: Message): string | null {
  return key === undefined || key === null ? null : key.toString();
}
