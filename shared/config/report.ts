import { shown } from './secrets/hidden.ts';
import type { Setting } from './setting.ts';

/** One thing wrong with a file. */
export interface Fault {
  /** 0 when it is about the file as a whole. */
  readonly line: number;
  readonly key: string;
  /** As written, `(hidden)` for a secret, empty when there is none. */
  readonly value: string;
  /** What was expected there. */
  readonly expected: string;
  /** The known key most like `key`. */
  readonly nearest?: string | undefined;
}

/** Something that works, or does nothing, otherwise than its author may think. */
export interface Warning {
  readonly line: number;
  readonly key: string;
  readonly message: string;
}

/** Gathers all that is to be said about a file; the same thing only once. */
export class Report {
  readonly #faults = new Map<string, Fault>();
  readonly #warnings = new Map<string, Warning>();
  readonly #unread = new Set<number>();

  /** A fault because of which nothing can be said of the value itself. */
  unread(at: Setting, expected: string): void {
    this.fault(at, expected);
    this.#unread.add(at.line);
  }

  fault(at: Setting, expected: string, nearest?: string): void {
    const { key, line } = at;
    if (this.#unread.has(line)) return;
    const value = nearest === undefined ? at.value : shown(nearest, at.value);
    const fault = { line, key, value: shown(key, value), expected, ...(nearest === undefined ? {} : { nearest }) };
    this.#faults.set(JSON.stringify([line, key, expected]), fault);
  }

  /** Something that is not in the file and should be. */
  missing(key: string, expected: string): void {
    this.#faults.set(JSON.stringify([0, key, expected]), { line: 0, key, value: '', expected });
  }

  warn({ key, line }: Pick<Setting, 'key' | 'line'>, message: string): void {
    this.#warnings.set(JSON.stringify([line, key, message]), { line, key, message });
  }

  /** What is said of a line so far. */
  saidOf({ line }: Pick<Setting, 'line'>): readonly string[] {
    return [
      ...this.faults.flatMap((fault) => (fault.line === line ? [fault.expected] : [])),
      ...this.warnings.flatMap((warning) => (warning.line === line ? [warning.message] : [])),
    ];
  }

  get faults(): readonly Fault[] {
    return [...this.#faults.values()].toSorted((a, b) => a.line - b.line);
  }

  get warnings(): readonly Warning[] {
    return [...this.#warnings.values()].toSorted((a, b) => a.line - b.line);
  }
}
