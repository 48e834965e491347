export interface Sample {
  /** Records that the application had acknowledged by the source. */
  readonly produced: number;
  /** Records read from the target by an independent consumer. */
  readonly replicated: number;
  /** ms from record timestamp to that consumer, of what arrived since the last sample. */
  readonly latenciesMs: readonly number[];
  readonly event?: string;
}

/** Prints a line a second: rate, lag and latency as an operator would see them. */
export class LiveView {
  readonly #started = performance.now();
  readonly #print: (line: string) => void;
  #last = { at: performance.now(), produced: 0, replicated: 0 };

  constructor(print: (line: string) => void) {
    this.#print = print;
    print('    time   produced  replicated       lag   in rec/s  out rec/s   p50 ms   p99 ms');
  }

  show({ produced, replicated, latenciesMs, event }: Sample): void {
    const at = performance.now();
    const seconds = Math.max(0.001, (at - this.#last.at) / 1000);
    const columns = [
      `${((at - this.#started) / 1000).toFixed(1)} s`.padStart(8),
      String(produced).padStart(10),
      String(replicated).padStart(11),
      // A copy may be read before the application hears that its record was written.
      String(Math.max(0, produced - replicated)).padStart(9),
      ((produced - this.#last.produced) / seconds).toFixed(0).padStart(10),
      ((replicated - this.#last.replicated) / seconds).toFixed(0).padStart(10),
      milliseconds(percentile(latenciesMs, 0.5)).padStart(8),
      milliseconds(percentile(latenciesMs, 0.99)).padStart(8),
    ];
    this.#print(columns.join(' ') + (event ? `   ${event}` : ''));
    this.#last = { at, produced, replicated };
  }
}

/** The nearest-rank percentile, undefined of nothing. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(0);
}
