import { GLOBAL_OPTIONS, type Option } from './arguments.ts';
import type { Command } from './command.ts';
import { COMMANDS, type CommandRow } from './commands.ts';
import { EXIT_CODES } from './exit-code.ts';
import { fields, type Page, paragraphs } from './terminal/page.ts';

const EXAMPLES = [
  { command: "causeway explain orders --flow 'us-east->us-west'", does: 'is orders replicated, and by which line?' },
  { command: 'causeway check --config prod/mm2.properties', does: 'is this file fit to be deployed?' },
];

/** `causeway --help`. */
export function overview(page: Page): string {
  const { bold } = page.style;
  return [
    `${bold('causeway')}: replicates Kafka topics, their settings and their consumer groups\n\nUsage: causeway <command> [options]`,
    section(page, 'Commands', fields(page, COMMANDS.map(commandField))),
    section(page, 'Options of every command', options(page, GLOBAL_OPTIONS)),
    section(page, 'Examples', examples(EXAMPLES)),
    section(page, 'Exit codes', exitCodes(page)),
    'causeway <command> --help says more.',
  ].join('\n\n');
}

/** `causeway <command> --help`. */
export function commandHelp(page: Page, { name, summary }: CommandRow, command: Command): string {
  const usage = command.usage.map((form, index) =>
    `${index === 0 ? 'Usage:' : '      '} causeway ${name} ${form}`.trimEnd(),
  );
  return [
    `${page.style.bold(`causeway ${name}`)}: ${summary}`,
    usage.join('\n'),
    paragraphs(page, command.description),
    ...(command.options.length === 0 ? [] : [section(page, 'Options', options(page, command.options))]),
    section(page, 'Options of every command', options(page, GLOBAL_OPTIONS)),
    section(page, 'Examples', examples(command.examples)),
  ].join('\n\n');
}

/** The table of exit codes. */
export function exitCodes(page: Page): string {
  return fields(
    page,
    EXIT_CODES.map(({ code, meaning }) => ({ label: String(code), lines: [meaning] })),
  );
}

function section({ style }: Page, title: string, content: string): string {
  return `${style.bold(title)}\n${content}`;
}

function commandField({ name, summary }: CommandRow) {
  return { label: name, lines: [summary] };
}

function options(page: Page, all: readonly Option[]): string {
  return fields(
    page,
    all.map(({ name, short, value, repeatable, summary }) => {
      const label = `--${name}${short === undefined ? '' : `, -${short}`}${value === undefined ? '' : ` <${value}>`}`;
      return { label, lines: [repeatable === true ? `${summary}; may be repeated` : summary] };
    }),
  );
}

function examples(all: Command['examples']): string {
  return all.map(({ command, does }) => `  # ${does}\n  ${command}`).join('\n');
}
