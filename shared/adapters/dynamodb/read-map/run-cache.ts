import type { HeadFacts } from './head-facts.ts';
import type { RunWindow } from './run-window.ts';

interface Cached {
  readonly lineage: string;
  readonly windows: readonly RunWindow[];
  readonly runs: number;
}

/**
 * Closed runs never change, so what was read of them once is kept, but for maps that were cut: those have another lineage,
 * and are not kept while they may be cut again under the same one.
 */
export class RunCache {
  readonly #maxRuns: number;
  readonly #partitions = new Map<string, Cached>();
  #runs = 0;

  /** @param maxRuns of all partitions together; the least recently used partition goes first */
  constructor(maxRuns: number) {
    this.#maxRuns = maxRuns;
  }

  get(key: string, { lineage, replaying }: HeadFacts): readonly RunWindow[] {
    const cached = this.#partitions.get(key);
    return cached?.lineage === lineage && !replaying ? cached.windows : [];
  }

  put(key: string, { lineage, replaying, openRun }: HeadFacts, windows: readonly RunWindow[]): void {
    this.#drop(key);
    // Without an open run a window ends in a run that was never written.
    if (replaying || !openRun) return;
    const runs = windows.reduce((sum, window) => sum + window.runs.length, 0);
    this.#partitions.set(key, { lineage, windows, runs });
    this.#runs += runs;
    for (const oldest of this.#partitions.keys()) {
      if (this.#runs <= this.#maxRuns) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#runs -= this.#partitions.get(key)?.runs ?? 0;
    this.#partitions.delete(key);
  }
}
