import { inspect } from 'node:util';

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
