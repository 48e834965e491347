import type { Producer } from '../../shared/offsets/head.ts';
import type { TargetPartition } from './target-partition.ts';

/**
 * The transaction coordinator's side of one transactional id. `EndTxn` answers before the marker is in the partition; a
 * transaction that nobody ends is aborted under an epoch raised once more.
 */
export class Coordinator {
  readonly #partition: TargetPartition;
  readonly #lastEpoch: number;
  #current: Producer | undefined;
  #nextProducerId = 1n;
  /** A transaction was begun and not ended. */
  open = false;
  /** Decided, not yet in the partition. */
  pending: Producer | undefined;
  /** The last one in the partition. */
  written: Producer | undefined;

  constructor(partition: TargetPartition, lastEpoch: number, current?: Producer) {
    this.#partition = partition;
    this.#lastEpoch = lastEpoch;
    this.#current = current;
    if (current) this.#nextProducerId = current.producerId + 1n;
  }

  /** CONCURRENT_TRANSACTIONS: callers try again until it is over. */
  get busy(): boolean {
    return this.pending !== undefined;
  }

  /** @returns undefined when an open transaction has to be aborted first */
  initProducer(): Producer | undefined {
    if (this.open) {
      this.abort();
      return undefined;
    }
    const { producerId, epoch } = this.#current ?? { producerId: 0n, epoch: 0 };
    const fresh = !this.#current || epoch >= this.#lastEpoch;
    this.#current = fresh ? { producerId: this.#nextProducerId++, epoch: 0 } : { producerId, epoch: epoch + 1 };
    return this.#current;
  }

  /** AddPartitionsToTxn. */
  begin(producer: Producer): 'begun' | 'superseded' {
    const { producerId, epoch } = this.#current ?? { producerId: -1n, epoch: -1 };
    if (producer.producerId !== producerId || producer.epoch !== epoch) return 'superseded';
    this.open = true;
    return 'begun';
  }

  /** EndTxn(abort), below version 5: the marker has the producer's epoch. */
  end(producer: Producer): 'ended' | 'superseded' {
    if (!this.open || this.#current?.epoch !== producer.epoch) return 'superseded';
    this.open = false;
    this.pending = producer;
    return 'ended';
  }

  /** The transaction's time-out, or somebody's InitProducerId while it is open. */
  abort(): void {
    if (!this.open || !this.#current) {
      this.open = false;
      return;
    }
    this.open = false;
    this.#current = { ...this.#current, epoch: this.#current.epoch + 1 };
    this.pending = this.#current;
  }

  writeMarker(now: number): void {
    if (this.pending) this.#partition.mark(this.pending, now);
    this.written = this.pending ?? this.written;
    this.pending = undefined;
  }

  /** The answer to the last marker was lost. */
  writeMarkerAgain(now: number): void {
    if (this.written) this.#partition.mark(this.written, now);
  }

  /** The transactional id was idle for `transactional.id.expiration.ms`: its next InitProducerId gets another id. */
  forget(): void {
    if (this.open || this.busy) return;
    this.#current = undefined;
  }
}
