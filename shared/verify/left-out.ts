/** Records that the source has and the target is not to have. */
export interface NotExpected {
  leftOut: number;
  inLedger: number;
}

/** Counts what is not expected in the target, until the records before which it stood are taken. */
export class NotExpectedRecords {
  readonly #waiting: (NotExpected & { readonly before: number })[] = [];
  #open: NotExpected = { leftOut: 0, inLedger: 0 };

  note(why: keyof NotExpected): void {
    this.#open[why]++;
  }

  /** The next expected record stands at `offset`. */
  endBefore(offset: number): void {
    if (this.#open.leftOut + this.#open.inLedger === 0) return;
    this.#waiting.push({ ...this.#open, before: offset });
    this.#open = { leftOut: 0, inLedger: 0 };
  }

  /** Those before an expected record that is taken; after the last of all: those behind it. */
  taken(offset: number, into: NotExpected): void {
    if (offset === Number.POSITIVE_INFINITY) this.endBefore(offset);
    for (let [next] = this.#waiting; next !== undefined && next.before <= offset; [next] = this.#waiting) {
      into.leftOut += next.leftOut;
      into.inLedger += next.inLedger;
      this.#waiting.shift();
    }
  }
}
