/** Where a call of the function is cut off, as a process is that is killed. */
export interface Cut {
  /** The request to the outside at which it ends, from 1. */
  readonly nth: number;
  /** Whether that request is carried out; nobody hears of it. */
  readonly carriedOut: boolean;
}

/**
 * - through: as if nothing were between
 * - last: it is carried out, and the answer does not come
 * - never: it does not even leave
 */
export type Verdict = 'through' | 'last' | 'never';

const NEVER = new Promise<never>(() => {});

/** What every request of one execution environment to the outside goes through, on whatever connection. */
export class Gate {
  readonly cutOff: Promise<'cut off'>;
  #cutOff: () => void;
  #cut: Cut | undefined;
  #requests = 0;
  #closed = false;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<'cut off'>();
    this.cutOff = promise;
    this.#cutOff = () => resolve('cut off');
  }

  /** Since the last time that it was set. */
  get requests(): number {
    return this.#requests;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** For the next call; undefined: it is not cut off. */
  set(cut: Cut | undefined): void {
    this.#cut = cut;
    this.#requests = 0;
  }

  admit(): Verdict {
    if (this.#closed) return 'never';
    this.#requests++;
    if (this.#requests !== this.#cut?.nth) return 'through';
    this.close();
    return this.#cut.carriedOut ? 'last' : 'never';
  }

  /** From here on nothing leaves and nothing arrives. */
  close(): void {
    this.#closed = true;
    this.#cutOff();
  }

  /** Neither answers nor throws once it is closed. */
  async pass<T>(perform: () => Promise<T>): Promise<T> {
    if (this.admit() === 'never') return NEVER;
    try {
      return await this.unlessClosed(await perform());
    } catch (error) {
      await this.unlessClosed(undefined);
      throw error;
    }
  }

  unlessClosed<T>(value: T): T | Promise<never> {
    return this.#closed ? NEVER : value;
  }
}
