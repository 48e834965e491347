import type { Configuration } from '../../config/configuration.ts';
import { counted } from '../../counted.ts';
import { checkFile, type Outcome } from '../check/check-file.ts';
import type { Remark } from '../check/remark.ts';
import type { Answer, Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { flowsAsked } from '../flows.ts';
import { type Field, fields, type Page } from '../terminal/page.ts';

/** Is the configuration fit to be deployed? */
export const check: Command = {
  usage: [''],
  description: [
    'Reads the configuration as a deployment does and says everything that is wrong with it, all at once: keys and values, regions and ARNs that are likely not meant, secrets in clear text, and what a flow lacks to be deployed. Nothing is deployed, and no cluster is asked.',
    'Faults keep a deployment from being made; warnings name what works otherwise than its author may think.',
    'Exit code 0: no faults, with warnings or without; 3: faults.',
  ],
  options: [],
  examples: [
    { command: 'causeway check', does: 'is ./mm2.properties fit to be deployed?' },
    { command: 'causeway check --config prod/mm2.properties --json', does: 'in a pipeline, before cdk deploy' },
  ],
  run: async (context) => {
    const [extra] = context.arguments.positionals;
    if (extra !== undefined) throw new UsageError(`check takes no ${extra}`, `Name the file by --config ${extra}.`);
    const { file, text, configuration: load, resolve, arguments: args } = context;
    const choose = (configuration: Configuration) => flowsAsked(args.text('flow'), configuration);
    const outcome = await checkFile({ file, text: await text(), load, resolve, choose });
    return {
      exitCode: outcome.faults.length > 0 ? ExitCode.Configuration : ExitCode.Yes,
      json: { file, ...outcome },
      text: (page) => describe(page, file, outcome),
    } satisfies Answer;
  },
};

function describe(page: Page, file: string, { faults, warnings, flows }: Outcome): string {
  const { bold, good, bad, warning, dim } = page.style;
  const count = `${counted(faults.length, 'fault')}, ${counted(warnings.length, 'warning')}`;
  const rows = [
    ...faults.map((remark) => row(bad('fault'), remark, file)),
    ...warnings.map((remark) => row(warning('warning'), remark, file)),
    ...flows.map(({ flow, does }) => ({ label: dim('flow'), lines: [flow, does] })),
  ];
  const head = `${bold(file)}: ${(faults.length > 0 ? bad : good)(count)}`;
  return rows.length === 0 ? head : `${head}\n\n${fields(page, rows, 0)}`;
}

function row(label: string, { line, key, value, flow, says }: Remark, file: string): Field {
  const place = line === undefined ? (key === undefined ? (flow ?? file) : file) : `${file}:${line}`;
  const written = [key, value].filter((part) => part !== undefined).join(' = ');
  return { label, lines: [{ whole: written === '' ? place : `${place}: ${written}` }, says] };
}
