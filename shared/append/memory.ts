import type { Head } from '../offsets/head.ts';

/** What an execution environment keeps of one partition: the HEAD that it read or wrote last. */
export class HeadMemory {
  /** Largest batch that the broker was found to take, bytes, where that is less than its topic's configuration says. */
  batchLimit = Number.POSITIVE_INFINITY;
  #head: Head | undefined;
  #at = Number.NEGATIVE_INFINITY;

  /** The last HEAD seen, however old; for answers, not for decisions. */
  get last(): Head | undefined {
    return this.#head;
  }

  /** When HEAD was asked for or written that is remembered, ms since the epoch. */
  get asOf(): number {
    return this.#at;
  }

  /** Undefined also where the clock was set back: nobody can tell how old HEAD is then. */
  recall(now: number, maxAgeMs: number): Head | undefined {
    const ageMs = now - this.#at;
    return ageMs >= 0 && ageMs <= maxAgeMs ? this.#head : undefined;
  }

  /** @param asOf before the request that brought `head` was made */
  keep(head: Head | undefined, asOf: number): void {
    this.#head = head;
    this.#at = asOf;
  }

  forget(): void {
    this.#at = Number.NEGATIVE_INFINITY;
  }
}
