import type { Side } from '../flow/side.ts';
import type { Run } from '../offsets/head.ts';

/** The runs of a partition's offset map in their order, as many as are needed at a time. */
export class MapCursor {
  readonly #more: AsyncIterator<Run>;
  #runs: Run[] = [];
  #at = 0;
  #isEnded = false;

  constructor(runs: AsyncIterable<Run>) {
    this.#more = runs[Symbol.asyncIterator]();
  }

  /** Has `sourceOf` know the target offsets up to this one. */
  async reach(target: number): Promise<void> {
    while (!this.#isEnded && endOn('target', this.#runs.at(-1)) <= target) {
      const { value, done } = await this.#more.next();
      if (done) this.#isEnded = true;
      else this.#runs.push(value);
    }
  }

  /** What the map says of a target offset; asked in ascending order. Undefined: it is not in the map. */
  sourceOf(target: number): number | undefined {
    while (this.#at < this.#runs.length && endOn('target', this.#runs[this.#at]) <= target) this.#at++;
    const run = this.#runs[this.#at];
    return run === undefined || target < run.target ? undefined : run.source + (target - run.target);
  }

  /** Whether the map has a place for a source offset that was not forgotten. */
  covers(source: number): boolean {
    return this.targetOf(source) !== undefined;
  }

  /** The place that the map has for a source offset that was not forgotten. */
  targetOf(source: number): number | undefined {
    const run = this.#runs.find((each) => each.source <= source && source < endOn('source', each));
    return run === undefined ? undefined : run.target + (source - run.source);
  }

  /** What lies below a source offset is not asked for any more. */
  forget(source: number): void {
    let count = 0;
    while (count < this.#at && endOn('source', this.#runs[count]) <= source) count++;
    if (count === 0) return;
    this.#runs = this.#runs.slice(count);
    this.#at -= count;
  }
}

function endOn(side: Side, run: Run | undefined): number {
  return run === undefined ? 0 : run[side] + run.length;
}
