/** Something that is done at most once in so many ms, on a grid that begins when it is first done. */
export class Interval {
  readonly #ms: number;
  #nextAt = Number.NEGATIVE_INFINITY;

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** ms since the epoch; -Infinity before the first time. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** Whether it is due; if so, it counts as done. Times that were missed are not made up for. */
  begin(now: number): boolean {
    if (now < this.#nextAt) return false;
    const onGrid = this.#nextAt + this.#ms;
    this.#nextAt = onGrid > now ? onGrid : now + this.#ms;
    return true;
  }
}
