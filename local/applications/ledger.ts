/** The place of one record: the number-th of its key in its topic, from 0. */
export interface Identity {
  readonly topic: string;
  readonly key: string;
  readonly number: number;
}

/** What one group has read of what was written, counted by records. */
export interface GroupVerdict {
  readonly group: string;
  /** Records that were acknowledged to their writer and never read. */
  readonly lost: number;
  /** Readings beyond the first of a record. */
  readonly twice: number;
  /** Records that came after a later one of their key in the same log. */
  readonly reordered: number;
  /** Records read that nobody wrote. */
  readonly foreign: number;
}

/** Of one key of one topic. */
interface Written {
  /** Numbers below were given to the producer. */
  next: number;
  /** Of these, those whose acknowledgement is not known: they may have been written or not. */
  readonly unknown: Set<number>;
}

/** Of one key of one topic, by one group. */
interface Read {
  /** Every number below was read, but for `missing`. */
  next: number;
  readonly missing: Set<number>;
  /** By log, the highest that was read of it. */
  readonly highest: Map<string, number>;
}

/**
 * What applications wrote and what each group read of it, record by record. Numbers of a key follow each other, so what was
 * read is known by where it stands and what is missing below: it takes the memory of the faults, not of the records.
 */
export class Ledger {
  readonly #written = new Map<string, Written>();
  readonly #groups = new Map<
    string,
    { readonly read: Map<string, Read>; twice: number; reordered: number; foreign: number }
  >();
  /** Records whose writer has an acknowledgement, by topic. */
  readonly acknowledgedOf = new Map<string, number>();

  /** Records whose writer has an acknowledgement. */
  get acknowledged(): number {
    return [...this.acknowledgedOf.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Takes the next number of a key, for a record that is now given to the producer. */
  write(topic: string, key: string): Identity {
    const written = this.#of(topic, key);
    return { topic, key, number: written.next++ };
  }

  acknowledge(identities: readonly Identity[]): void {
    for (const { topic } of identities) this.acknowledgedOf.set(topic, (this.acknowledgedOf.get(topic) ?? 0) + 1);
  }

  /** Nobody can say whether these were written. */
  leaveOpen(identities: readonly Identity[]): void {
    for (const { topic, key, number } of identities) this.#of(topic, key).unknown.add(number);
  }

  /** @param log in which it stands, for a group that reads a key's records in several side by side */
  read(group: string, { topic, key, number }: Identity, log = ''): void {
    const of = this.#group(group);
    const place = placeOf(topic, key);
    const read = of.read.get(place) ?? { next: 0, missing: new Set(), highest: new Map() };
    of.read.set(place, read);
    if (number >= (this.#written.get(place)?.next ?? 0)) {
      of.foreign++;
      return;
    }
    const highest = read.highest.get(log) ?? -1;
    read.highest.set(log, Math.max(highest, number));
    if (number >= read.next) {
      for (let skipped = read.next; skipped < number; skipped++) read.missing.add(skipped);
      read.next = number + 1;
    } else if (!read.missing.delete(number)) of.twice++;
    else if (number < highest) of.reordered++;
  }

  /** How many acknowledged records a group has still to read. */
  left(group: string): number {
    const of = this.#group(group);
    let left = 0;
    for (const [place, { next, unknown }] of this.#written) {
      const read = of.read.get(place) ?? { next: 0, missing: new Set<number>() };
      const open = (number: number) => !unknown.has(number);
      left += next - read.next;
      for (const number of unknown) if (number >= read.next) left--;
      left += [...read.missing].filter(open).length;
    }
    return left;
  }

  verdict(group: string): GroupVerdict {
    const { twice, reordered, foreign } = this.#group(group);
    return { group, lost: this.left(group), twice, reordered, foreign };
  }

  #of(topic: string, key: string): Written {
    const place = placeOf(topic, key);
    const written = this.#written.get(place) ?? { next: 0, unknown: new Set() };
    this.#written.set(place, written);
    return written;
  }

  #group(group: string) {
    const of = this.#groups.get(group) ?? { read: new Map<string, Read>(), twice: 0, reordered: 0, foreign: 0 };
    this.#groups.set(group, of);
    return of;
  }
}

function placeOf(topic: string, key: string): string {
  return `${topic}/${key}`;
}

/** Nothing lost, nothing twice, nothing out of order, nothing foreign. */
export function isExact({ lost, twice, reordered, foreign }: GroupVerdict): boolean {
  return lost + twice + reordered + foreign === 0;
}
