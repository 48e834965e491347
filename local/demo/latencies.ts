/** From record timestamps to a reader of the target, of one topic. */
export class Latencies {
  /** ms, of records that were written before the topic's first copy arrived: they waited for the flow to begin. */
  readonly whileItBeganMs: number[] = [];
  /** ms, of all others. */
  readonly steadyMs: number[] = [];
  #latestMs: number[] = [];
  #firstArrival: number | undefined;

  /** @param written @param arrived ms since the epoch, by one clock */
  note(written: number, arrived: number): void {
    this.#firstArrival ??= arrived;
    this.#latestMs.push(arrived - written);
    (written < this.#firstArrival ? this.whileItBeganMs : this.steadyMs).push(arrived - written);
  }

  /** Of what arrived since this was asked last. */
  takeLatest(): number[] {
    const taken = this.#latestMs;
    this.#latestMs = [];
    return taken;
  }
}
