import { inspect } from 'node:util';

/** Begins what is said of one. */
export const CLEAR_TEXT = 'a secret in clear text';

/** A secret that stands in the file itself. It is handed over by `reveal` only; every way to print it hides it. */
export class LiteralSecret {
  readonly #value: string;
  readonly line: number;
  readonly key: string;

  constructor(value: string, at: { readonly key: string; readonly line: number }) {
    this.#value = value;
    this.key = at.key;
    this.line = at.line;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return `(hidden, ${this.key} in line ${this.line})`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
