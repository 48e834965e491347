import { type Arguments, type Option, parseArguments } from '../shared/cli/arguments.ts';
import { UsageError } from '../shared/cli/errors.ts';

/** An option of a bench. One that takes a value has a default. */
export interface BenchOption extends Option {
  readonly otherwise?: readonly string[];
}

const OF_EVERY_BENCH: readonly BenchOption[] = [
  { name: 'json', summary: 'figures alone, as JSON' },
  { name: 'help', short: 'h', summary: 'what is measured, and by which options' },
];

/** What a bench was told, else its defaults. */
export class BenchArguments {
  readonly options: readonly BenchOption[];
  readonly #args: Arguments;
  readonly #usage: string;

  /**
   * @param bench its name
   * @param own options besides those of every bench
   * @throws UsageError for an option that there is not, and for words that are none
   */
  constructor(bench: string, own: readonly BenchOption[], words: readonly string[]) {
    this.options = [...own, ...OF_EVERY_BENCH];
    this.#usage = `${bench} takes ${this.options.map(writtenOption).join(', ')}.`;
    this.#args = parseArguments(words, this.options, this.#usage);
    const { positionals } = this.#args;
    if (positionals.length > 0) throw new UsageError(`nothing is known of "${positionals.join(' ')}"`, this.#usage);
  }

  flag(name: string): boolean {
    return this.#args.flag(name);
  }

  /** @throws UsageError for what is no whole number from `least` */
  whole(name: string, least: number): number {
    return last(name, this.wholes(name, least));
  }

  /** @throws UsageError */
  wholes(name: string, least: number): readonly number[] {
    return this.#texts(name).map((text) => {
      const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      if (Number.isSafeInteger(value) && value >= least) return value;
      throw new UsageError(`--${name} ${text} is no whole number from ${least}`, this.#usage);
    });
  }

  /** @throws UsageError for what is not one of `known` */
  choice<T extends string>(name: string, known: readonly T[]): T {
    return last(name, this.choices(name, known));
  }

  /** @throws UsageError */
  choices<T extends string>(name: string, known: readonly T[]): readonly T[] {
    return this.#texts(name).map((text) => {
      const found = known.find((each) => each === text);
      if (found !== undefined) return found;
      throw new UsageError(`--${name} ${text} is none of ${known.join(', ')}`, this.#usage);
    });
  }

  #texts(name: string): readonly string[] {
    const given = this.#args.texts(name);
    return given.length > 0 ? given : (this.options.find((option) => option.name === name)?.otherwise ?? []);
  }
}

/** `--records <n>` */
export function writtenOption({ name, value }: BenchOption): string {
  return value === undefined ? `--${name}` : `--${name} <${value}>`;
}

function last<T>(name: string, values: readonly T[]): T {
  const value = values.at(-1);
  if (value === undefined) throw new RangeError(`--${name} has no default`);
  return value;
}
