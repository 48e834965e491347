import { type ParseArgsConfig, parseArgs } from 'node:util';
import { tasks } from '../setup/tasks.mjs';
import { UsageFault } from './errors.ts';

export interface UpOptions {
  /** A cluster. */
  readonly brokers: number;
  readonly secured: boolean;
  readonly aws: boolean;
  readonly detach: boolean;
}

/** What `npm run local` is to do. */
export type LocalCommand =
  | { readonly command: 'up'; readonly options: UpOptions }
  | { readonly command: 'status' }
  | { readonly command: 'down'; readonly id: string | undefined; readonly all: boolean };

/** @throws UsageFault for whatever a command does not know */
export function parseLocal([command, ...args]: readonly string[]): LocalCommand {
  if (command === 'up') return { command, options: upOptions(args) };
  if (command === 'status') {
    parse(args, { options: {} });
    return { command };
  }
  if (command === 'down') {
    const { values, positionals } = parse(args, {
      options: { all: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [id, ...others] = positionals;
    if (others.length > 0) throw usageFault(`down stops one run or all of them: ${positionals.join(', ')} are several`);
    return { command, id, all: values.all };
  }
  throw usageFault(command === undefined ? 'What is to be done?' : `There is no command "${command}".`);
}

function upOptions(args: readonly string[]): UpOptions {
  const { values } = parse(args, {
    options: {
      brokers: { type: 'string', default: '1' },
      secured: { type: 'boolean', default: false },
      aws: { type: 'boolean', default: true },
      detach: { type: 'boolean', default: false },
    },
    allowNegative: true,
  });
  const brokers = Number(values.brokers);
  if (!Number.isInteger(brokers) || brokers < 1) throw usageFault(`--brokers ${values.brokers}: a count from 1`);
  return { ...values, brokers };
}

function parse<const T extends ParseArgsConfig>(args: readonly string[], config: T) {
  try {
    return parseArgs({ ...config, args: [...args] });
  } catch (error) {
    throw usageFault(error instanceof Error ? error.message : String(error));
  }
}

function usageFault(message: string): UsageFault {
  return new UsageFault(message, tasks.local.help);
}
