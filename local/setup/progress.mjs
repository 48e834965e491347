/** On a terminal the seconds go on; a log gets a line now and then. */
const TERMINAL_EVERY_MS = 1_000;
const LOG_EVERY_MS = 10_000;
const CLEAR_LINE = '\r\u001b[K';

/**
 * What goes on: on a terminal one line that is written anew each second, elsewhere a line every ten seconds. Any number
 * of things may go on at once.
 */
export class Progress {
  #output;
  /** @type {Set<() => string>} */
  #lines = new Set();
  #timer;

  /** @param {{ isTTY?: boolean, columns?: number, write: (text: string) => unknown }} output */
  constructor(output) {
    this.#output = output;
  }

  /**
   * @param {() => string} line asked for each time
   * @returns {(last: string) => void} ends it, with a line that stays
   */
  begin(line) {
    this.#lines.add(line);
    this.#show(false);
    this.#timer ??= setInterval(() => this.#show(true), this.#output.isTTY ? TERMINAL_EVERY_MS : LOG_EVERY_MS);
    return (last) => {
      this.#lines.delete(line);
      this.#output.write(`${this.#output.isTTY ? CLEAR_LINE : ''}${last}\n`);
      if (this.#lines.size > 0) return this.#show(false);
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #show(due) {
    const lines = [...this.#lines].map((line) => line());
    if (!this.#output.isTTY) {
      if (due) for (const line of lines) this.#output.write(`${line}\n`);
      return;
    }
    const [first = ''] = lines;
    const text = lines.length > 1 ? `${first}, and ${lines.length - 1} more` : first;
    this.#output.write(CLEAR_LINE + text.slice(0, (this.#output.columns ?? 80) - 1));
  }
}
