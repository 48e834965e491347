/** So many that were taken leave their places in the list. */
const MOST_TAKEN = 2_000;

/** What comes in chunks, taken one by one, with a view of what comes next. What was taken is not held. */
export class Cursor<T> {
  readonly #chunks: AsyncGenerator<readonly T[]>;
  readonly #sizeOf: (item: T) => number;
  #items: (T | undefined)[] = [];
  #taken = 0;
  #bytes = 0;
  #isEnded = false;

  /** @param sizeOf an item's bytes */
  constructor(chunks: AsyncGenerator<readonly T[]>, sizeOf: (item: T) => number) {
    this.#chunks = chunks;
    this.#sizeOf = sizeOf;
  }

  /** Items in sight. */
  get length(): number {
    return this.#items.length - this.#taken;
  }

  /** Of those in sight. */
  get bytes(): number {
    return this.#bytes;
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
    return this.#items.slice(this.#taken, this.#taken + count).filter((item) => item !== undefined);
  }

  /** The first of those in sight. */
  take(): void {
    const item = this.at(0);
    if (item === undefined) return;
    this.#bytes -= this.#sizeOf(item);
    this.#items[this.#taken++] = undefined;
  }

  /** Until what is in sight is enough, or all that there is. */
  async fill(isEnough: (sight: Cursor<T>) => boolean): Promise<void> {
    if (this.#taken > MOST_TAKEN) {
      this.#items = this.#items.slice(this.#taken);
      this.#taken = 0;
    }
    while (!this.#isEnded && !isEnough(this)) {
      const { value, done } = await this.#chunks.next();
      if (done) this.#isEnded = true;
      else for (const item of value) this.#add(item);
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }

  #add(item: T): void {
    this.#items.push(item);
    this.#bytes += this.#sizeOf(item);
  }
}
