import { isDeepStrictEqual } from 'node:util';

/** Certificates and logins that are about to be used are read again when they are older, so that a rotated one is found. */
const OLD_MS = 60_000;

/**
 * What was read last of something that is changed elsewhere, a secret for example. It is read again when somebody
 * refused it, and behind the back of whoever asks for it when it is old.
 */
export class LatestRead<T> {
  readonly #read: () => Promise<T>;
  readonly #now: () => number;
  #value: T;
  #readAt: number;
  #reading: Promise<T> | undefined;

  private constructor(read: () => Promise<T>, now: () => number, value: T) {
    this.#read = read;
    this.#now = now;
    this.#value = value;
    this.#readAt = now();
  }

  /** @throws what `read` throws */
  static async start<T>(read: () => Promise<T>, now: () => number = Date.now): Promise<LatestRead<T>> {
    return new LatestRead(read, now, await read());
  }

  get value(): T {
    // One that cannot be read again may still be good; whoever refuses it hears why it could not.
    if (this.#now() - this.#readAt > OLD_MS) this.#readAgain().catch(() => {});
    return this.#value;
  }

  /** Whether there is another than `refused` by now, which `value` then is. @throws what reading throws */
  async renewed(refused: T): Promise<boolean> {
    if (!isDeepStrictEqual(this.#value, refused)) return true;
    return !isDeepStrictEqual(await this.#readAgain(), refused);
  }

  #readAgain(): Promise<T> {
    this.#reading ??= this.#read()
      .then((value) => {
        this.#value = value;
        this.#readAt = this.#now();
        return value;
      })
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }
}
