/** Hands items to whoever waits for them, in order. */
export class Queue<T> {
  readonly #items: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(item);
    else this.#items.push(item);
  }

  /** @throws Error when nothing comes within `withinMs` */
  async next(withinMs: number, what: string): Promise<T> {
    const item = this.#items.shift();
    if (item !== undefined) return item;
    return new Promise<T>((resolve, reject) => {
      const taker = (late: T) => {
        clearTimeout(timer);
        resolve(late);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(taker), 1);
        reject(new Error(`No ${what} within ${withinMs} ms`));
      }, withinMs);
      this.#waiting.push(taker);
    });
  }
}
