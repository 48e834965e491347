import type { AppendRecord } from '../../shared/append/ports.ts';

export interface SimRecord extends AppendRecord {
  /** Rises with every record that was ever written to the source, also after the log was cut back. */
  readonly id: number;
  readonly sizeBytes: number;
}

interface SourceEntry extends SimRecord {
  /** Not a transaction marker, and not compacted or deleted. */
  present: boolean;
  readonly filtered: boolean;
}

export interface SourceOptions {
  readonly records: number;
  /** Holes from the start: transaction markers, compacted offsets. */
  readonly absent: readonly number[];
  readonly filtered: readonly number[];
  readonly old: readonly number[];
  readonly tooLarge: readonly number[];
}

export const OLD_TIMESTAMP = 1_000;
export const TOO_LARGE_BYTES = 1_000;

/** The leader of one source partition. */
export class SourcePartition {
  readonly entries: SourceEntry[] = [];
  leaderEpoch = 0;
  logStart = 0;
  topicId = 'source-1';
  readonly #options: SourceOptions;
  readonly #epochEnds: number[] = [];
  #nextId = 0;
  readonly #now: number;

  constructor(options: SourceOptions, now: number) {
    this.#options = options;
    this.#now = now;
    for (let offset = 0; offset < options.records; offset++) this.#write(!options.absent.includes(offset));
  }

  get logEnd(): number {
    return this.entries.length;
  }

  /** The last offset that a consumer gets, plus one. */
  get readable(): number {
    let end = this.logEnd;
    while (end > 0 && !this.isPresent(end - 1)) end--;
    return end;
  }

  isPresent(offset: number): boolean {
    return offset >= this.logStart && this.entries[offset]?.present === true;
  }

  isWanted(offset: number): boolean {
    return this.isPresent(offset) && this.entries[offset]?.filtered === false;
  }

  /** What a consumer at `from` gets below `to`. */
  read(from: number, to: number): SourceEntry[] {
    return this.entries.slice(from, to).filter(({ offset }) => this.isPresent(offset));
  }

  compact(offset: number): void {
    const entry = this.entries[offset];
    if (entry) entry.present = false;
  }

  deleteBelow(offset: number): void {
    this.logStart = Math.max(this.logStart, offset);
  }

  changeLeader(): void {
    this.#epochEnds[this.leaderEpoch++] = this.logEnd;
  }

  /** An unclean election: the log ends at `offset`, and other records are written there. */
  cutBack(offset: number): void {
    const end = this.logEnd;
    for (let epoch = 0; epoch <= this.leaderEpoch; epoch++) {
      this.#epochEnds[epoch] = Math.min(this.#epochEnds[epoch] ?? Number.POSITIVE_INFINITY, offset);
    }
    this.leaderEpoch++;
    this.entries.length = offset;
    while (this.logEnd < end) this.#write(true);
  }

  append(): void {
    this.#write(true);
  }

  makeAnew(): void {
    this.topicId = 'source-2';
    this.entries.length = 0;
    this.logStart = 0;
    for (let offset = 0; offset < this.#options.records; offset++) this.#write(true);
  }

  endOfLeaderEpoch(epoch: number): number {
    return this.#epochEnds[epoch] ?? this.logEnd;
  }

  holds(records: readonly SimRecord[]): boolean {
    return records.every(({ offset, id }) => this.entries[offset]?.id === id);
  }

  hasRecords(from: number, to: number): boolean {
    return this.entries.slice(from, to).some(({ offset }) => this.isPresent(offset));
  }

  #write(present: boolean): void {
    const offset = this.logEnd;
    const { filtered, old, tooLarge } = this.#options;
    this.entries.push({
      offset,
      id: this.#nextId++,
      timestamp: old.includes(offset) ? OLD_TIMESTAMP : this.#now,
      sizeBytes: tooLarge.includes(offset) ? TOO_LARGE_BYTES : 1,
      filtered: filtered.includes(offset),
      present,
    });
  }
}
