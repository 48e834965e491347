/** Taken items are dropped from memory when there are so many. */
const MOST_TAKEN = 2_000;

/** What comes in chunks, taken one by one, with a view of what comes next. */
export class Cursor<T> {
  readonly #chunks: AsyncGenerator<readonly T[]>;
  #items: T[] = [];
  #taken = 0;
  #isEnded = false;

  constructor(chunks: AsyncGenerator<readonly T[]>) {
    this.#chunks = chunks;
  }

  /** Items in sight. */
  get length(): number {
    return this.#items.length - this.#taken;
  }

  /** Whether nothing comes after what is in sight. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The `index`th of those in sight. */
  at(index: number): T | undefined {
    return this.#items[this.#taken + index];
  }

  /** The first `count` of those in sight. */
  first(count: number): readonly T[] {
    return this.#items.slice(this.#taken, this.#taken + count);
  }

  take(count: number): void {
    this.#taken += count;
  }

  /** Until `count` items are in sight, or all that there are. */
  async fill(count: number): Promise<void> {
    if (this.#taken > MOST_TAKEN) {
      this.#items = this.#items.slice(this.#taken);
      this.#taken = 0;
    }
    while (!this.#isEnded && this.length < count) {
      const { value, done } = await this.#chunks.next();
      if (done) this.#isEnded = true;
      else for (const item of value) this.#items.push(item);
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }
}
