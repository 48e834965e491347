import type { Kafka, Message, Producer } from 'kafkajs';
import { Random } from '../exactly-once/random.ts';
import { identityNumber, RecordList } from './record-list.ts';

const BATCH = 2_000;
/** Every so many batches one is a committed transaction, and one an aborted one of fewer records. */
const COMMITTED_EVERY = 3;
const ABORTED_EVERY = 4;
const ABORTED_RECORDS = 150;
/** Records that update an earlier order, whose record the cleaner then removes. */
const UPDATES = 0.03;
/** Of an order that changes many times in a row: a wide gap. */
const MANY_UPDATES = 40;
const MANY_UPDATES_OF = 0.0005;
const TOMBSTONES = 0.1;

type Stamped = Message & { readonly partition: number; readonly key: string; readonly timestamp: string };

interface Written {
  readonly list: RecordList;
  /** By record: the key's number, and whether a later record has taken its place. */
  readonly keys: number[];
  readonly replaced: boolean[];
  /** By key, its newest record. */
  readonly newest: Map<number, number>;
}

/**
 * The application on the source: orders, updates of orders, tombstones; plain, and in transactions of which some are
 * aborted. It remembers what a log that is fully compacted holds of it.
 */
export class Application {
  /** Records of aborted transactions. */
  aborted = 0;
  readonly #kafka: Kafka;
  readonly #topic: string;
  readonly #random: Random;
  readonly #written = new Map<number, Written>();
  #number = 0;
  #batches = 0;

  constructor(kafka: Kafka, topic: string, seed: number) {
    this.#kafka = kafka;
    this.#topic = topic;
    this.#random = new Random(seed);
  }

  /** Committed records, replaced ones too. */
  get written(): number {
    return this.#sum(({ list }) => list.length);
  }

  /** Records that a later one with their key has taken the place of. */
  get replaced(): number {
    return this.#sum(({ list, newest }) => list.length - newest.size);
  }

  /** What is left of each partition once it is compacted, without what lies below `starts`. */
  left(starts: ReadonlyMap<number, number>): Map<number, RecordList> {
    return new Map(
      [...this.#written].map(([partition, { list, replaced }]) => {
        const left = new RecordList();
        for (const [i, offset] of list.offsets.entries())
          if (!replaced[i] && offset >= (starts.get(partition) ?? 0)) left.push(offset, list.identities[i] ?? 0);
        return [partition, left] as const;
      }),
    );
  }

  /** Offsets that are gone once the cleaner has been over all closed segments of the partition. */
  toBeCompacted(partition: number): readonly number[] {
    const { list, replaced } = this.#of(partition);
    return list.offsets.filter((_, i) => replaced[i]);
  }

  /** @param updates whether some of the records replace earlier ones of this or an earlier call */
  async write(count: number, partitions: number, updates: boolean): Promise<void> {
    const plain = this.#kafka.producer({ maxInFlightRequests: 5 });
    const transactionalId = `${this.#topic}-${this.#number}`;
    const transactional = this.#kafka.producer({ transactionalId, maxInFlightRequests: 1, idempotent: true });
    await Promise.all([plain.connect(), transactional.connect()]);
    for (let left = count; left > 0; ) {
      const messages = this.#messages(Math.min(BATCH, left), partitions, updates);
      left -= messages.length;
      const turn = this.#batches++;
      if (turn % COMMITTED_EVERY === 0) await this.#transaction(transactional, messages, 'commit');
      else await this.#remember(messages, await plain.send({ topic: this.#topic, messages, acks: -1 }));
      if (turn % ABORTED_EVERY === 0) {
        const aborted = this.#messages(Math.min(ABORTED_RECORDS, count), partitions, false);
        await this.#transaction(transactional, aborted, 'abort');
        this.aborted += aborted.length;
      }
    }
    await Promise.all([plain.disconnect(), transactional.disconnect()]);
  }

  /** One record in each partition. @param aheadMs how far their timestamps lie in the future */
  async writeOneEach(partitions: number, aheadMs = 0): Promise<void> {
    const plain = this.#kafka.producer();
    await plain.connect();
    const messages = Array.from({ length: partitions }, (_, i) => this.#message(i, undefined, aheadMs));
    await this.#remember(messages, await plain.send({ topic: this.#topic, messages, acks: -1 }));
    await plain.disconnect();
  }

  async #transaction(producer: Producer, messages: Stamped[], end: 'commit' | 'abort'): Promise<void> {
    const transaction = await producer.transaction();
    const answer = await transaction.send({ topic: this.#topic, messages });
    await transaction[end]();
    if (end === 'commit') this.#remember(messages, answer);
  }

  #messages(count: number, partitions: number, updates: boolean): Stamped[] {
    const messages: Stamped[] = [];
    while (messages.length < count) {
      const partition = this.#number % partitions;
      const { keys } = this.#of(partition);
      const updated = updates && this.#random.chance(UPDATES) ? keys[this.#random.int(0, keys.length - 1)] : undefined;
      const times =
        updates && this.#random.chance(MANY_UPDATES_OF) ? Math.min(MANY_UPDATES, count - messages.length) : 1;
      const key = updated ?? this.#number;
      for (let i = 0; i < times; i++) messages.push(this.#message(partition, key));
    }
    return messages;
  }

  #message(partition: number, key = this.#number, aheadMs = 0): Stamped {
    const number = this.#number++;
    const isTombstone = key !== number && this.#random.chance(TOMBSTONES);
    return {
      partition,
      key: `order-${key}`,
      value: isTombstone ? null : `{"order":${key},"change":${number}}`,
      headers: { number: `${number}` },
      timestamp: String(Date.now() + aheadMs),
    };
  }

  #remember(messages: readonly Stamped[], answer: readonly { partition: number; baseOffset?: string }[]): void {
    const next = new Map(answer.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
    for (const message of messages) {
      const { list, keys, replaced, newest } = this.#of(message.partition);
      const offset = next.get(message.partition);
      if (offset === undefined || !Number.isSafeInteger(offset)) throw new Error('a record was not acknowledged');
      next.set(message.partition, offset + 1);
      const key = Number(message.key.slice('order-'.length));
      const before = newest.get(key);
      if (before !== undefined) replaced[before] = true;
      newest.set(key, list.length);
      keys.push(key);
      list.push(offset, identityOf(message));
    }
  }

  #of(partition: number): Written {
    const known = this.#written.get(partition);
    if (known) return known;
    const written = { list: new RecordList(), keys: [], replaced: [], newest: new Map() };
    this.#written.set(partition, written);
    return written;
  }

  #sum(of: (written: Written) => number): number {
    return [...this.#written.values()].reduce((sum, written) => sum + of(written), 0);
  }
}

function identityOf({ key, value, headers = {}, timestamp }: Stamped): number {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return identityNumber({ key: Buffer.from(key), value: bytes, headers, timestamp, attributes: 0, offset: '' });
}
