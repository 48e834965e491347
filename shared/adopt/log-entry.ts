import { hash } from 'node:crypto';
import type { Side } from '../flow/side.ts';
import type { DecodedBatch, DecodedRecord } from '../records/decode.ts';

/** What became of the transaction that a record was written in; `kept`: committed, or written in none. */
export type Fate = 'kept' | 'aborted' | 'open';

/** A record of a log, as far as two logs are compared by it. */
export interface LogEntry {
  readonly offset: number;
  /** Digest of key, value and headers. */
  readonly content: string;
  /** ms since the epoch; undefined where the broker put its own in place of the producer's. */
  readonly timestamp: number | undefined;
  /** Digest of the key; undefined without one. */
  readonly key: string | undefined;
  /** Its value is null, so that compaction removes it in the end. */
  readonly tombstone: boolean;
  readonly fate: Fate;
}

/** A log from some offset to its end. */
export interface LogPart {
  readonly entries: readonly LogEntry[];
  /** Whether the offset before the log's end is that of a record or of a marker that was seen, not one compacted away. */
  readonly endSeen: boolean;
}

export interface LogRange {
  readonly from: number;
  /** Where it ends: what stands there and beyond came later. */
  readonly to: number;
}

/**
 * Gathers the records of a log's batches as they come, in order; markers decide what became of those before them. Keeps
 * no bytes of theirs.
 */
export class LogPartReader {
  readonly #range: LogRange;
  readonly #side: Side;
  readonly #entries: LogEntry[] = [];
  /** Places in `entries` of each producer's records whose marker has not come yet. */
  readonly #undecided = new Map<bigint, number[]>();
  #endSeen = true;

  /** @param side on the target a broker's own timestamps are not compared; on the source they are what was copied */
  constructor(range: LogRange, side: Side) {
    this.#range = range;
    this.#side = side;
  }

  add({ header, records }: DecodedBatch): void {
    const { from, to } = this.#range;
    if (header.baseOffset >= to) return;
    this.#endSeen = header.control || records.some(({ offset }) => offset === Math.min(header.lastOffset, to - 1));
    if (header.control) {
      this.#decide(header.producerId, isCommitMarker(records[0]) ? 'kept' : 'aborted');
      return;
    }
    const brokersTime = this.#side === 'target' && header.logAppendTime;
    for (const record of records) {
      if (record.offset < from || record.offset >= to) continue;
      if (header.transactional) {
        const places = this.#undecided.get(header.producerId) ?? [];
        places.push(this.#entries.length);
        this.#undecided.set(header.producerId, places);
      }
      this.#entries.push(entryOf(record, brokersTime, header.transactional ? 'open' : 'kept'));
    }
  }

  get part(): LogPart {
    return { entries: this.#entries, endSeen: this.#endSeen };
  }

  #decide(producerId: bigint, fate: Fate): void {
    for (const place of this.#undecided.get(producerId) ?? []) {
      const entry = this.#entries[place];
      if (entry) this.#entries[place] = { ...entry, fate };
    }
    this.#undecided.delete(producerId);
  }
}

/** @param brokersTime whether the timestamp is the broker's, which no other log has */
export function entryOf(record: DecodedRecord, brokersTime: boolean, fate: Fate): LogEntry {
  const { offset, timestamp, key, value, headers } = record;
  return {
    offset,
    content: digest([key, value, ...headers.flatMap(([name, bytes]) => [Buffer.from(name), bytes])]),
    timestamp: brokersTime ? undefined : timestamp,
    key: key === null ? undefined : digest([key]),
    tombstone: value === null,
    fate,
  };
}

/** Each part with its length before it, so that no two lists of parts have the same bytes. */
function digest(parts: readonly (Buffer | null)[]): string {
  const bytes = parts.flatMap((part) => {
    const size = Buffer.alloc(4);
    size.writeInt32BE(part?.length ?? -1);
    return part ? [size, part] : [size];
  });
  return hash('sha256', Buffer.concat(bytes), 'base64');
}

/** A marker's key is its version and its type, each in two bytes: 0 abort, 1 commit (KIP-98, `ControlRecordType`). */
export function isCommitMarker(marker: DecodedRecord | undefined): boolean {
  return marker?.key?.readInt16BE(2) === 1;
}
