/** How far behind something was when it was looked at. */
export interface Sample {
  /** ms since the epoch. */
  readonly at: number;
  /** Behind. */
  readonly records: number;
  /** Replicated by then; undefined where that is not known. */
  readonly copied: number | undefined;
}

/** Records a second, over the last minute or between the last two looks. */
export interface Rates {
  /** That were replicated; undefined where that is not known. */
  readonly copied: number | undefined;
  /** By which it falls further behind; below zero it catches up. */
  readonly growth: number;
  /** Until nothing is behind, if it goes on like that; undefined where it does not catch up. */
  readonly secondsLeft: number | undefined;
}

const MOST_SAMPLES = 60;
const RATES_OVER_MS = 60_000;

/** The last looks at something that may fall behind. */
export class Trend {
  #samples: readonly Sample[] = [];

  /** The same look twice counts once. */
  take(sample: Sample): void {
    if (this.#samples.at(-1)?.at === sample.at) return;
    this.#samples = [...this.#samples, sample].slice(-MOST_SAMPLES);
  }

  /** Records behind at each look, the oldest first. */
  get records(): readonly number[] {
    return this.#samples.map(({ records }) => records);
  }

  /** Undefined until there were two looks. */
  rates(): Rates | undefined {
    const last = this.#samples.at(-1);
    const before = this.#samples.at(-2);
    if (last === undefined || before === undefined) return undefined;
    const first = this.#samples.find(({ at }) => at >= last.at - RATES_OVER_MS);
    const from = first === undefined || first === last ? before : first;
    const seconds = (last.at - from.at) / 1_000;
    if (seconds <= 0) return undefined;
    const growth = (last.records - from.records) / seconds;
    const secondsLeft = last.records > 0 && growth < 0 ? last.records / -growth : undefined;
    return { copied: copiedBetween(from, last, seconds), growth, secondsLeft };
  }
}

/** A topic that was begun anew, or is gone, takes what was counted of it away. */
function copiedBetween(from: Sample, to: Sample, seconds: number): number | undefined {
  if (from.copied === undefined || to.copied === undefined || to.copied < from.copied) return undefined;
  return (to.copied - from.copied) / seconds;
}
