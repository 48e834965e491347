import { z } from 'zod';

/** Of each side. */
const MOST = 10_000;

/** As it is kept to go on from: identities in base64, and offsets. */
export const rememberedState = z.array(z.tuple([z.string(), z.int().nonnegative()]));
export type RememberedState = z.infer<typeof rememberedState>;

/** Where records stand that the other side did not have where it should, by their identity. */
export class Remembered {
  readonly #at: Map<string, number>;

  constructor(state: RememberedState = []) {
    this.#at = new Map(state);
  }

  get state(): RememberedState {
    return [...this.#at];
  }

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
