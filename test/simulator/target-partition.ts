import type { LoggedBatch, LogScan } from '../../shared/append/ports.ts';
import { targetOffset } from '../../shared/flow/offset.ts';
import type { Producer } from '../../shared/offsets/head.ts';
import { advanceSequence } from '../../shared/offsets/sequence.ts';

/** Batches of a producer that a broker remembers: `ProducerStateEntry.NUM_BATCHES_TO_RETAIN`. */
const BATCHES_REMEMBERED = 5;

export interface ProducedBatch {
  readonly producer: Producer;
  readonly baseSequence: number;
  /** What tells the records apart. */
  readonly ids: readonly number[];
  /** Newest record timestamp, ms since the epoch. */
  readonly timestamp: number;
}

export type ProduceResult =
  | { readonly kind: 'appended' | 'duplicate'; readonly base: number; readonly end: number }
  | { readonly kind: 'OUT_OF_ORDER_SEQUENCE_NUMBER' | 'INVALID_PRODUCER_EPOCH' };

interface Batch extends ProducedBatch {
  readonly base: number;
  readonly control: boolean;
  readonly leaderEpoch: number;
}

interface ProducerState {
  readonly epoch: number;
  /** -1: nothing under `epoch` yet. */
  readonly lastSequence: number;
  readonly timestamp: number;
  readonly remembered: readonly { readonly first: number; readonly last: number; readonly base: number }[];
}

export const FOREIGN = -1;
export const MARKER = -2;

/**
 * The leader of one partition with its followers, by the rules of `ProducerStateManager` and `ProducerAppendInfo` of
 * Kafka 4.1. Compared with a real broker in test/integration/simulator.
 */
export class TargetPartition {
  readonly batches: Batch[] = [];
  /** What each offset holds: a record's id, FOREIGN or MARKER. */
  readonly records: number[] = [];
  highWatermark = 0;
  knownHighWatermark = 0;
  leaderEpoch = 0;
  /** The leader epoch that began with the last unclean election; -1 none. */
  cutEpoch = -1;
  /** A transaction marker was in what was lost: the broker then takes what it had refused. */
  lostMarker = false;
  readonly #producers = new Map<bigint, ProducerState>();
  readonly #epochs = [{ epoch: 0, start: 0 }];

  get logEnd(): number {
    return this.records.length;
  }

  produce(batch: ProducedBatch): ProduceResult {
    const { producer, baseSequence, ids } = batch;
    const last = advanceSequence(baseSequence, ids.length - 1);
    const known = this.#producers.get(producer.producerId);
    if (known) {
      if (known.epoch === producer.epoch) {
        const same = known.remembered.find((each) => each.first === baseSequence && each.last === last);
        if (same) return { kind: 'duplicate', base: same.base, end: same.base + ids.length };
      }
      if (producer.epoch < known.epoch) return { kind: 'INVALID_PRODUCER_EPOCH' };
      const due = producer.epoch > known.epoch || known.lastSequence < 0 ? 0 : advanceSequence(known.lastSequence, 1);
      if (baseSequence !== due) return { kind: 'OUT_OF_ORDER_SEQUENCE_NUMBER' };
    }
    const base = this.#push({ ...batch, base: this.logEnd, control: false });
    return { kind: 'appended', base, end: this.logEnd };
  }

  /** An abort marker, as the transaction coordinator writes it. False: a higher epoch is known. */
  mark(producer: Producer, timestamp: number): boolean {
    const known = this.#producers.get(producer.producerId);
    if (known && known.epoch > producer.epoch) return false;
    this.#push({ producer, baseSequence: -1, ids: [MARKER], timestamp, base: this.logEnd, control: true });
    return true;
  }

  /** Somebody else's record. */
  writeForeign(): void {
    const producer = { producerId: -1n, epoch: -1 };
    this.#push({ producer, baseSequence: -1, ids: [FOREIGN], timestamp: 0, base: this.logEnd, control: false });
  }

  replicate(): void {
    this.highWatermark = this.logEnd;
    this.knownHighWatermark = this.logEnd;
  }

  /** A follower takes over: what it did not have is gone, and it knows of producers what its log says. */
  failLeader(): void {
    this.#elect(this.highWatermark);
    this.knownHighWatermark = Math.max(0, this.highWatermark - 1);
  }

  /** An unclean election: a follower takes over that has the log only up to the batch that holds `offset`. */
  loseEnd(offset: number): void {
    this.highWatermark = this.batches.findLast(({ base }) => base <= offset)?.base ?? 0;
    this.lostMarker ||= this.batches.some(({ base, control }) => control && base >= this.highWatermark);
    this.#elect(this.highWatermark);
    this.knownHighWatermark = this.highWatermark;
    this.cutEpoch = this.leaderEpoch;
  }

  /** First offset after the last one written under `epoch` or before. */
  endOfLeaderEpoch(epoch: number): number {
    const [after] = this.#epochs.filter((each) => each.epoch > epoch);
    return after?.start ?? this.logEnd;
  }

  #elect(logEnd: number): void {
    this.records.length = logEnd;
    while ((this.batches.at(-1)?.base ?? -1) >= logEnd) this.batches.pop();
    this.#producers.clear();
    for (const batch of this.batches) this.#remember(batch);
    while ((this.#epochs.at(-1)?.start ?? -1) >= logEnd) this.#epochs.pop();
    this.#epochs.push({ epoch: ++this.leaderEpoch, start: logEnd });
  }

  /** A new leader may tell a high watermark below the one that the old leader told, until its followers have answered. */
  get isCatchingUp(): boolean {
    return this.knownHighWatermark < this.highWatermark;
  }

  knows(producerId: bigint): boolean {
    return this.#producers.has(producerId);
  }

  /** Forgets every producer whose newest record is at least so old. */
  expireProducers(now: number, expiryMs: number): void {
    for (const [id, { timestamp }] of this.#producers)
      if (this.#expired(timestamp, now, expiryMs)) this.#producers.delete(id);
  }

  canExpire(now: number, expiryMs: number): boolean {
    for (const { timestamp } of this.#producers.values()) if (this.#expired(timestamp, now, expiryMs)) return true;
    return false;
  }

  describe(producerId: bigint): { epoch: number; lastSequence: number } | undefined {
    const known = this.#producers.get(producerId);
    return known && { epoch: known.epoch, lastSequence: known.lastSequence };
  }

  scan(from: number, to = this.knownHighWatermark): LogScan {
    return {
      logStart: targetOffset(0),
      highWatermark: targetOffset(to),
      batches: this.batches
        .filter(({ base, ids }) => base + ids.length > from && base + ids.length <= to)
        .map(headerOf),
    };
  }

  #expired(timestamp: number, now: number, expiryMs: number): boolean {
    return now - timestamp >= expiryMs;
  }

  #push(pushed: Omit<Batch, 'leaderEpoch'>): number {
    const batch = { ...pushed, leaderEpoch: this.leaderEpoch };
    this.batches.push(batch);
    this.records.push(...batch.ids);
    this.#remember(batch);
    return batch.base;
  }

  #remember(batch: Batch): void {
    const { producer, baseSequence, base, timestamp, control, ids } = batch;
    if (producer.producerId < 0n) return;
    const known = this.#producers.get(producer.producerId);
    const current = known?.epoch === producer.epoch ? known : undefined;
    if (control) {
      const { lastSequence, remembered } = current ?? { lastSequence: -1, remembered: [] };
      this.#producers.set(producer.producerId, { epoch: producer.epoch, lastSequence, remembered, timestamp });
      return;
    }
    const last = advanceSequence(baseSequence, ids.length - 1);
    const remembered = [...(current?.remembered ?? []), { first: baseSequence, last, base }].slice(-BATCHES_REMEMBERED);
    this.#producers.set(producer.producerId, { epoch: producer.epoch, lastSequence: last, timestamp, remembered });
  }
}

function headerOf({ base, ids, producer, baseSequence, control, leaderEpoch }: Batch): LoggedBatch {
  const last = targetOffset(base + ids.length - 1);
  return { base: targetOffset(base), last, producer, baseSequence, count: ids.length, control, leaderEpoch };
}
