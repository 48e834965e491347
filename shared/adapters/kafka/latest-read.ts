/** Certificates and logins that are about to be used are read again when they are older, so that a rotated one is found. */
const OLD_MS = 60_000;

/**
 * What was read last of something that is changed elsewhere, a secret for example. It is read again after somebody
 * refused it, and behind the back of whoever asks for it when it is old.
 */
export class LatestRead<T> {
  readonly #read: () => Promise<T>;
  readonly #now: () => number;
  #value: T;
  #readAt: number;
  #reading: Promise<T> | undefined;
  #refused = false;
  /** The value was read because the one before was refused, and nobody has accepted it yet. */
  #unproven = false;

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

  /** What was read last, for who cannot wait. */
  get value(): T {
    // One that cannot be read again may still be good.
    if (this.#now() - this.#readAt > OLD_MS) this.#readAgain().catch(() => {});
    return this.#value;
  }

  /** What was read last or, if that was refused, what is read now. @throws what `read` throws */
  async current(): Promise<T> {
    if (!this.#refused) return this.value;
    const value = await this.#readAgain();
    this.#refused = false;
    this.#unproven = true;
    return value;
  }

  accepted(given: T): void {
    if (given === this.#value) this.#unproven = false;
  }

  /** @returns whether `current` may be another than `given` was when it was read */
  refused(given: T): boolean {
    if (given !== this.#value) return true;
    this.#refused = true;
    return !this.#unproven;
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
