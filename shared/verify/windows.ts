import { z } from 'zod';
import type { Side } from '../flow/side.ts';

/** More windows of a partition are not told apart: later ones are counted together. */
const MOST_WINDOWS = 5_000;
/** Where a record has no time, or there are too many windows. */
const OTHERS = -1;

const word = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);
const tally = z.object({ count: z.int().nonnegative(), high: word, low: word });
/** As it is kept to go on from. */
export const windowsState = z.array(z.tuple([z.int(), z.object({ source: tally, target: tally })]));

interface Tally {
  count: number;
  high: number;
  low: number;
}

interface Window {
  readonly source: Tally;
  readonly target: Tally;
}

/** What a report says of one side of a window. */
export interface WindowSide {
  readonly records: number;
  /** 16 hexadecimal digits; depends on every record's identity and on their order. */
  readonly checksum: string;
}

export interface WindowReport {
  /** When it begins; undefined: records without a time, or beyond the windows that are told apart. */
  readonly from: string | undefined;
  readonly source: WindowSide;
  readonly target: WindowSide;
}

/** Odd, so that nothing is multiplied away: 2^32 by the golden ratio, and the low word of the MMIX generator's factor. */
const HIGH_FACTOR = 0x9e3779b1;
const LOW_FACTOR = 0x4c957f2d;

/**
 * Counts and checksums of both sides by the time of the records. A checksum rolls over the identities in the order of
 * the log: two words, each multiplied by its factor, plus a word of the identity, modulo 2^32.
 */
export class Windows {
  readonly #windowMs: number;
  readonly #windows: Map<number, Window>;
  #last: Window | undefined;
  #lastKey: number | undefined;

  constructor(windowMs: number, state: z.infer<typeof windowsState> = []) {
    this.#windowMs = windowMs;
    this.#windows = new Map(state);
  }

  add(side: Side, timestamp: number, identity: Buffer): void {
    roll(this.#at(timestamp)[side], identity);
  }

  addToBoth(timestamp: number, identity: Buffer): void {
    const { source, target } = this.#at(timestamp);
    roll(source, identity);
    roll(target, identity);
  }

  get state(): z.infer<typeof windowsState> {
    return [...this.#windows];
  }

  report(): readonly WindowReport[] {
    return [...this.#windows]
      .toSorted(([a], [b]) => a - b)
      .map(([key, { source, target }]) => ({
        from: key === OTHERS ? undefined : new Date(key * this.#windowMs).toISOString(),
        source: sideOf(source),
        target: sideOf(target),
      }));
  }

  #at(timestamp: number): Window {
    const key = timestamp < 0 ? OTHERS : Math.floor(timestamp / this.#windowMs);
    if (key === this.#lastKey && this.#last) return this.#last;
    const known = this.#windows.get(key) ?? this.#begin(key);
    this.#lastKey = key;
    this.#last = known;
    return known;
  }

  #begin(key: number): Window {
    const others = this.#windows.get(OTHERS);
    if (key !== OTHERS && this.#windows.size >= MOST_WINDOWS) return others ?? this.#begin(OTHERS);
    const window = { source: { count: 0, high: 0, low: 0 }, target: { count: 0, high: 0, low: 0 } };
    this.#windows.set(key, window);
    return window;
  }
}

function roll(tally: Tally, identity: Buffer): void {
  tally.count++;
  tally.high = (Math.imul(tally.high, HIGH_FACTOR) + identity.readInt32BE(0)) | 0;
  tally.low = (Math.imul(tally.low, LOW_FACTOR) + identity.readInt32BE(4)) | 0;
}

function sideOf({ count, high, low }: Tally): WindowSide {
  const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
  return { records: count, checksum: hex(high) + hex(low) };
}
