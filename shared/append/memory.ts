import type { Head } from '../offsets/head.ts';

/** The HEAD that this execution environment read or wrote last, for one partition. */
export class HeadMemory {
  #head: Head | undefined;
  #at = Number.NEGATIVE_INFINITY;

  /** The last HEAD seen, however old; for answers, not for decisions. */
  get last(): Head | undefined {
    return this.#head;
  }

  recall(now: number, maxAgeMs: number): Head | undefined {
    return now - this.#at <= maxAgeMs ? this.#head : undefined;
  }

  keep(head: Head | undefined, now: number): void {
    this.#head = head;
    this.#at = now;
  }

  forget(): void {
    this.#at = Number.NEGATIVE_INFINITY;
  }
}
