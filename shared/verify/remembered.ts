/** Of each side. */
const MOST = 10_000;

/** Where records stand that the other side did not have where it should, by their identity. */
export class Remembered {
  readonly #at = new Map<string, number>();

  note(identity: Buffer, offset: number): void {
    if (this.#at.size < MOST) this.#at.set(identity.toString('base64'), offset);
  }

  /** Gives each once. */
  find(identity: Buffer): number | undefined {
    const key = identity.toString('base64');
    const offset = this.#at.get(key);
    this.#at.delete(key);
    return offset;
  }
}
