import type { Arguments, Option } from '../arguments.ts';
import { UsageError } from '../errors.ts';
import { wholeNumber } from '../whole-number.ts';
import type { Question } from './flow-reader.ts';

/** The alarms of a flow begin there as well. */
const DEFAULT_RECORDS = 10_000;
const DEFAULT_SECONDS = 60;
const DEFAULT_EVERY_SECONDS = 5;

const HELP = 'causeway status --help shows its options.';

export const OPTIONS: readonly Option[] = [
  { name: 'watch', summary: 'reads again and again, and shows how the flows get on, until Ctrl-C' },
  {
    name: 'every',
    value: 's',
    summary: `with --watch: seconds from one reading to the next; default ${DEFAULT_EVERY_SECONDS}`,
  },
  {
    name: 'html',
    value: 'file',
    summary: 'also writes a page with charts, for a browser, that needs nothing beside it',
  },
  { name: 'stored', summary: 'what monitor found last, within a minute: asks DynamoDB alone, and no broker' },
  { name: 'max-records', value: 'n', summary: `records that a topic may be behind; default ${DEFAULT_RECORDS}` },
  { name: 'max-seconds', value: 'n', summary: `seconds that a topic may be behind; default ${DEFAULT_SECONDS}` },
  {
    name: 'max-group-seconds',
    value: 'n',
    summary: 'seconds for a group that is behind its place on the target to come to it; default 3 ticks of checkpoint',
  },
  { name: 'all', summary: 'every topic and group, not only the 20 that hurt most' },
  { name: 'prefix', value: 'name', summary: 'of a deployment made with -c prefix=<name>; default causeway' },
];

/** What a command line of `status` asks for. */
export interface AskedFor {
  readonly question: Omit<Question, 'patience' | 'lastRun'>;
  /** How long groups that are behind are watched; undefined: as long as `checkpoint` needs. */
  readonly groupMs: number | undefined;
  readonly prefix: string;
  readonly all: boolean;
  /** Of a watch; undefined: one reading. */
  readonly everySeconds: number | undefined;
  /** The page's file. */
  readonly html: string | undefined;
}

/** @throws UsageError */
export function askedFor(args: Arguments): AskedFor {
  if (args.positionals.length > 0)
    throw new UsageError(`status takes no ${args.positionals.join(' ')}`, 'It is about whole flows: --flow names one.');
  return {
    question: {
      limits: {
        records: wholeNumber(args, 'max-records', 0, HELP) ?? DEFAULT_RECORDS,
        seconds: wholeNumber(args, 'max-seconds', 0, HELP) ?? DEFAULT_SECONDS,
      },
      stored: args.flag('stored'),
    },
    groupMs: milliseconds(wholeNumber(args, 'max-group-seconds', 0, HELP)),
    prefix: args.text('prefix') ?? 'causeway',
    all: args.flag('all'),
    everySeconds: everySeconds(args),
    html: args.text('html'),
  };
}

function everySeconds(args: Arguments): number | undefined {
  const every = wholeNumber(args, 'every', 1, HELP);
  if (!args.flag('watch')) {
    if (every !== undefined) throw new UsageError('--every goes with --watch', HELP);
    return undefined;
  }
  for (const other of ['json', 'html'])
    if (args.flag(other))
      throw new UsageError(`--${other} tells one reading, and --watch many`, `Ask without --watch as often as needed.`);
  return every ?? DEFAULT_EVERY_SECONDS;
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
