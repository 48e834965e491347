import { parseArgs } from 'node:util';
import { nearest } from '../config/nearest.ts';
import { UsageError } from './errors.ts';

/** An option as help shows it. Without `value` it is a flag. */
export interface Option {
  readonly name: string;
  readonly short?: string;
  /** What stands for its value: `A->B`, `file`. */
  readonly value?: string;
  /** May be given several times, all of which count; else the last one does. */
  readonly repeatable?: boolean;
  readonly summary: string;
}

export const GLOBAL_OPTIONS: readonly Option[] = [
  { name: 'config', value: 'file', summary: 'the configuration; default ./mm2.properties' },
  { name: 'flow', value: 'A->B', summary: 'this flow alone; in quotes, as a shell takes > for itself; or A:B without' },
  { name: 'endpoint-url', value: 'url', summary: 'AWS at this address; default: AWS_ENDPOINT_URL, else AWS itself' },
  {
    name: 'run',
    value: 'id',
    summary: 'AWS of this local run (npm run local -- status), and its configuration if it has one',
  },
  { name: 'json', summary: 'print JSON, errors too' },
  { name: 'debug', summary: 'with an error, its stack trace' },
  { name: 'help', short: 'h', summary: 'what a command does, with examples' },
  { name: 'version', summary: 'the version' },
];

/** A command line that was understood. Asking for an option that is not declared is a mistake of the command's. */
export class Arguments {
  readonly positionals: readonly string[];
  readonly #declared: ReadonlyMap<string, Option>;
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(
    positionals: readonly string[],
    declared: ReadonlyMap<string, Option>,
    values: ReadonlyMap<string, readonly string[]>,
  ) {
    this.positionals = positionals;
    this.#declared = declared;
    this.#values = values;
  }

  flag(name: string): boolean {
    return this.#given(name) !== undefined;
  }

  text(name: string): string | undefined {
    return this.#given(name)?.at(-1);
  }

  texts(name: string): readonly string[] {
    return this.#given(name) ?? [];
  }

  /** The same without the command's own name. */
  afterCommand(): Arguments {
    return new Arguments(this.positionals.slice(1), this.#declared, this.#values);
  }

  #given(name: string): readonly string[] | undefined {
    if (!this.#declared.has(name)) throw new RangeError(`no such option: ${name}`);
    return this.#values.get(name);
  }
}

/**
 * Options may stand anywhere; after `--` there are none.
 * @throws UsageError
 */
export function parseArguments(args: readonly string[], options: readonly Option[], help: string): Arguments {
  const declared = new Map(options.map((option) => [option.name, option]));
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokensOf(args, options)) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = declared.get(token.name);
    if (option === undefined) throw unknownOption(token.rawName, declared, help);
    values.set(option.name, [...(values.get(option.name) ?? []), readValue(option, token, help)]);
  }
  return new Arguments(positionals, declared, values);
}

/** The first word that is no option and no global option's value. */
export function commandName(args: readonly string[]): string | undefined {
  return tokensOf(args, GLOBAL_OPTIONS).find((token) => token.kind === 'positional')?.value;
}

/** `strict` would refuse with messages that cannot say what was meant. */
function tokensOf(args: readonly string[], options: readonly Option[]) {
  const described = options.map(({ name, short, value }) => {
    const type: 'string' | 'boolean' = value === undefined ? 'boolean' : 'string';
    return [name, { type, ...(short !== undefined && { short }) }] as const;
  });
  const config = { strict: false, tokens: true, allowPositionals: true } as const;
  return parseArgs({ ...config, args: [...args], options: Object.fromEntries(described) }).tokens;
}

function readValue(
  { name, value: placeholder }: Option,
  { value, inlineValue }: { readonly value?: string | undefined; readonly inlineValue?: boolean | undefined },
  help: string,
): string {
  if (placeholder === undefined) {
    if (value !== undefined) throw new UsageError(`--${name} takes no value`, `Write --${name} alone. ${help}`);
    return '';
  }
  // No option begins with a digit: a negative number is a value, for the command to refuse in its own words.
  const looksLikeOption = inlineValue !== true && value !== undefined && /^-[^\d]/.test(value);
  if (value === undefined || value === '' || looksLikeOption)
    throw new UsageError(
      `--${name} needs a value`,
      `Write --${name} <${placeholder}>, or --${name}=<${placeholder}> for one that begins with a dash. ${help}`,
    );
  return value;
}

function unknownOption(written: string, declared: ReadonlyMap<string, Option>, help: string): UsageError {
  const near = nearest(written.replace(/^-+/, ''), declared.keys());
  return new UsageError(`there is no option ${written}${near === undefined ? '' : `; did you mean --${near}?`}`, help);
}
