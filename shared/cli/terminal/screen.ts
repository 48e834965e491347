const ESC = '\u001b[';
/** The alternate screen: what stood on the terminal before is there again after it. */
const [ENTER_SCREEN, LEAVE_SCREEN] = [`${ESC}?1049h`, `${ESC}?1049l`];
const [HIDE_CURSOR, SHOW_CURSOR] = [`${ESC}?25l`, `${ESC}?25h`];
/** A letter that is wider than one column must not break a line in two. */
const [NO_WRAP, WRAP] = [`${ESC}?7l`, `${ESC}?7h`];
const HOME = `${ESC}H`;
const END_LINE = `${ESC}K`;
const CLEAR_BELOW = `${ESC}J`;

const WITHOUT_SIZE = { columns: 80, rows: 24 };

/** What a screen needs of a stream. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** A terminal that is drawn on in place. Nothing is written before the first drawing. */
export class Screen {
  readonly #terminal: Terminal;
  #entered = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** As it is now: windows change. */
  get size(): ScreenSize {
    const { columns, rows } = this.#terminal;
    return { columns: columns || WITHOUT_SIZE.columns, rows: rows || WITHOUT_SIZE.rows };
  }

  /** Replaces what is there, without a flicker. @param lines no more of them than there are rows */
  draw(lines: readonly string[]): void {
    const enter = this.#entered ? '' : ENTER_SCREEN + HIDE_CURSOR + NO_WRAP;
    this.#entered = true;
    const text = lines.map((line) => `${line}${END_LINE}`).join('\r\n');
    this.#terminal.write(`${enter}${HOME}${text}${CLEAR_BELOW}`);
  }

  /** Gives the terminal back as it was. */
  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.#terminal.write(WRAP + SHOW_CURSOR + LEAVE_SCREEN);
  }
}

/** Whether a stream can be drawn on in place. */
export function isDrawable(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  return isTerminal && env.TERM !== 'dumb';
}
