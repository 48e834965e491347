import type { Schedule } from './schedule.ts';

/** What becomes of the source logs, by seed: where each was cut back. */
export type Cuts = ReadonlyMap<number, number>;

/** Something that happens to a whole cluster, once every schedule that is to go through it is ready for it. */
export class Disturbance {
  /** Where source logs were cut back. */
  cuts: Cuts = new Map();
  over = false;
  readonly passed: Promise<void>;
  readonly #expected: Set<number>;
  readonly #ready: Schedule[] = [];
  readonly #act: (ready: readonly Schedule[]) => Promise<Cuts>;
  readonly #passed = Promise.withResolvers<void>();

  constructor(seeds: readonly number[], act: (ready: readonly Schedule[]) => Promise<Cuts>) {
    this.#expected = new Set(seeds);
    this.#act = act;
    this.passed = this.#passed.promise;
    // A schedule that does not wait for it must not end the process.
    this.passed.catch(() => {});
  }

  /** None. */
  static nothing(): Disturbance {
    return new Disturbance([], async () => new Map());
  }

  join(schedule: Schedule): void {
    if (!this.#expected.has(schedule.seed)) return;
    this.#ready.push(schedule);
    this.leave(schedule.seed);
  }

  /** A schedule that ended before is not waited for. */
  leave(seed: number): void {
    if (!this.#expected.delete(seed) || this.#expected.size > 0) return;
    this.#act(this.#ready)
      .then((cuts) => {
        this.cuts = cuts;
        this.#passed.resolve();
      }, this.#passed.reject)
      .finally(() => {
        this.over = true;
      });
  }
}
