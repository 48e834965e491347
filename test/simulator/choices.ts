/** Decides what happens next. The same answers make the same schedule. */
export interface Choices {
  /** @returns an index into `weights`, which say how likely each is where chance decides */
  pick(weights: readonly number[]): number;
  /** Names the answers given so far: two schedules of one scenario are the same if their fingerprints are. */
  readonly fingerprint: number;
  readonly taken: readonly number[];
}

/** Two 32-bit hashes side by side, cut to the 53 bits of a whole number: a million schedules collide once in 18,000 runs. */
class Fingerprint {
  #high = 0x811c9dc5;
  #low = 0x9e3779b9;

  add(value: number): void {
    this.#high = Math.imul(this.#high ^ value, 0x01000193);
    this.#low = Math.imul((this.#low ^ (value + 0x7f4a7c15)) >>> 0, 0x85ebca6b);
    this.#low ^= this.#low >>> 13;
  }

  get value(): number {
    return ((this.#high >>> 11) & 0x1fffff) * 2 ** 32 + (this.#low >>> 0);
  }
}

/** Chance from a seed (mulberry32). */
export class SeededChoices implements Choices {
  readonly taken: number[] = [];
  readonly #fingerprint = new Fingerprint();
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 0;
  }

  get fingerprint(): number {
    return this.#fingerprint.value;
  }

  pick(weights: readonly number[]): number {
    let total = 0;
    for (const weight of weights) total += weight;
    let at = this.#next() * total;
    let chosen = 0;
    while (chosen < weights.length - 1) {
      at -= weights[chosen] ?? 0;
      if (at < 0) break;
      chosen++;
    }
    this.taken.push(chosen);
    this.#fingerprint.add(chosen);
    return chosen;
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** Answers given before, then always the first option; remembers how many options there were, to try the next one. */
export class ReplayedChoices implements Choices {
  readonly taken: number[] = [];
  readonly options: number[] = [];
  readonly #prefix: readonly number[];
  readonly #fingerprint = new Fingerprint();

  constructor(prefix: readonly number[]) {
    this.#prefix = prefix;
  }

  get fingerprint(): number {
    return this.#fingerprint.value;
  }

  pick(weights: readonly number[]): number {
    const chosen = Math.min(this.#prefix[this.taken.length] ?? 0, weights.length - 1);
    this.taken.push(chosen);
    this.options.push(weights.length);
    this.#fingerprint.add(chosen);
    return chosen;
  }

  /** The answers that lead to the next schedule, depth first; undefined after the last one. */
  following(): number[] | undefined {
    for (let at = this.taken.length - 1; at >= 0; at--) {
      const next = (this.taken[at] ?? 0) + 1;
      if (next < (this.options[at] ?? 0)) return [...this.taken.slice(0, at), next];
    }
    return undefined;
  }
}
