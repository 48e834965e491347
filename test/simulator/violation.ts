/** An invariant that does not hold, by its letter in docs/protocol.md. */
export class Violation extends Error {
  readonly letter: string;

  constructor(letter: string, what: string) {
    super(`${letter}: ${what}`);
    this.letter = letter;
  }
}
