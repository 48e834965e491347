import { nearest } from '../config/nearest.ts';
import type { Resolve } from '../config/secrets/reference.ts';
import { commandName, GLOBAL_OPTIONS, parseArguments } from './arguments.ts';
import type { Answer } from './command.ts';
import { COMMANDS, type CommandRow } from './commands.ts';
import { DEFAULT_FILE, loadConfiguration, readText } from './configuration-file.ts';
import { describeError, reportError } from './error-report.ts';
import { UsageError } from './errors.ts';
import { ExitCode } from './exit-code.ts';
import { commandHelp, overview } from './help.ts';
import { awsVariables, fileOfRun } from './local-region.ts';
import { type Page, UNSTYLED } from './terminal/page.ts';
import { version } from './version.ts';

/** Everything that a command line has to do with, besides clusters and AWS. */
export interface Surroundings {
  /** Relative file names are meant from here. */
  readonly folder: string;
  readonly out: { readonly page: Page; readonly write: (text: string) => void };
  readonly err: { readonly page: Page; readonly write: (text: string) => void };
  /** Puts these environment variables on top of the process's own: that is where the AWS clients look. */
  readonly setVariables: (variables: Readonly<Record<string, string>>) => void;
  /** Looks up what the configuration refers to. */
  readonly resolve: Resolve;
}

const NAMES = COMMANDS.map(({ name }) => name);
const HELP = 'causeway --help shows all commands and options.';

/** Runs one command line to its end; whatever goes wrong is told on `err`, never thrown. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { out, err } = surroundings;
  try {
    const answer = await answerTo(args, surroundings);
    out.write(`${asJson(args) ? JSON.stringify(answer.json, undefined, 2) : answer.text(out.page)}\n`);
    return answer.exitCode;
  } catch (error) {
    const report = reportError(error, args.includes('--debug'));
    err.write(`${asJson(args) ? JSON.stringify({ error: report }, undefined, 2) : describeError(err.page, report)}\n`);
    return report.exitCode;
  }
}

/** Also of a command line that cannot be understood. */
function asJson(args: readonly string[]): boolean {
  return args.includes('--json');
}

async function answerTo(args: readonly string[], surroundings: Surroundings): Promise<Answer> {
  const name = commandName(args);
  if (name === undefined || name === 'help') return answerWithoutCommand(args);
  const row = rowOf(name);
  const command = await row.load();
  const help = `causeway ${name} --help shows its options and examples.`;
  const parsed = parseArguments(args, [...GLOBAL_OPTIONS, ...command.options], help);
  if (parsed.flag('help')) return helpAnswer((page) => commandHelp(page, row, command));
  if (parsed.flag('version')) return versionAnswer();
  const { folder, resolve } = surroundings;
  surroundings.setVariables(awsVariables(parsed, folder));
  const file = parsed.text('config') ?? fileOfRun(parsed, folder) ?? DEFAULT_FILE;
  return command.run({
    arguments: parsed.afterCommand(),
    file,
    text: () => readText(file, folder),
    resolve,
    progress: (line) => {
      if (!parsed.flag('json')) surroundings.err.write(`${line(surroundings.err.page)}\n`);
    },
    configuration: (needed = 'all') => loadConfiguration(file, folder, resolve, needed),
  });
}

/** `causeway`, `causeway --version`, `causeway help explain`. */
async function answerWithoutCommand(args: readonly string[]): Promise<Answer> {
  const parsed = parseArguments(args, GLOBAL_OPTIONS, HELP);
  const [, topic] = parsed.positionals;
  if (topic !== undefined) {
    const row = rowOf(topic);
    const command = await row.load();
    return helpAnswer((page) => commandHelp(page, row, command));
  }
  if (parsed.flag('version')) return versionAnswer();
  if (parsed.flag('help') || parsed.positionals.length > 0) return helpAnswer(overview);
  throw new UsageError('no command was given', `One of: ${NAMES.join(', ')}. ${HELP}`);
}

function rowOf(name: string): CommandRow {
  const row = COMMANDS.find((each) => each.name === name);
  if (row !== undefined) return row;
  const near = nearest(name, NAMES);
  throw new UsageError(
    `there is no command ${name}${near === undefined ? '' : `; did you mean ${near}?`}`,
    `One of: ${NAMES.join(', ')}. ${HELP}`,
  );
}

function helpAnswer(text: (page: Page) => string): Answer {
  return { exitCode: ExitCode.Yes, json: { help: text(UNSTYLED) }, text };
}

function versionAnswer(): Answer {
  const found = version();
  return { exitCode: ExitCode.Yes, json: { version: found }, text: () => found };
}
