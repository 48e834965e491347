import type { RawRecord } from '../mm2/record.ts';
import type { DecodedBatch } from '../records/decode.ts';
import { isCommitMarker } from './log-entry.ts';

/**
 * The records of one of MirrorMaker 2's own topics that are valid, batch by batch: with `exactly.once.source.support` it
 * records offsets in the transactions of its data, and what it had recorded in an aborted one was never so.
 */
export class CommittedRecords {
  /** By producer id, what waits for its marker. */
  readonly #undecided = new Map<bigint, RawRecord[]>();

  /** @returns what the batch makes certain, in order */
  take({ header, records }: DecodedBatch): readonly RawRecord[] {
    const { producerId } = header;
    if (header.control) {
      const decided = this.#undecided.get(producerId) ?? [];
      this.#undecided.delete(producerId);
      return isCommitMarker(records[0]) ? decided : [];
    }
    if (!header.transactional) return records;
    this.#undecided.set(producerId, [...(this.#undecided.get(producerId) ?? []), ...records]);
    return [];
  }
}
