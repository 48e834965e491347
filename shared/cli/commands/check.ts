import { ConfigurationError } from '../../config/errors.ts';
import { type CheckedFlow, checkDeployment } from '../check/deployment.ts';
import type { Remark } from '../check/remark.ts';
import type { Answer, Command, CommandContext } from '../command.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { flowsAsked } from '../flows.ts';
import { counted, type Field, fields, type Page } from '../terminal/page.ts';

interface Outcome {
  readonly file: string;
  readonly faults: readonly Remark[];
  readonly warnings: readonly Remark[];
  readonly flows: readonly CheckedFlow[];
}

/** Is the configuration fit to be deployed? */
export const check: Command = {
  usage: [''],
  description: [
    'Reads the configuration as a deployment does and says everything that is wrong with it, all at once: keys and values, secrets in clear text, and what a flow lacks to be deployed. Nothing is deployed, and no cluster is asked.',
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
    const outcome = await checked(context);
    return {
      exitCode: outcome.faults.length > 0 ? ExitCode.Configuration : ExitCode.Yes,
      json: outcome,
      text: (page) => describe(page, outcome),
    } satisfies Answer;
  },
};

async function checked({ arguments: args, file, configuration }: CommandContext): Promise<Outcome> {
  try {
    const { warnings, configuration: parsed } = await configuration();
    return {
      file,
      warnings: warnings.map(({ line, key, message }) => ({ line, key, says: message })),
      ...(await checkDeployment(flowsAsked(args.text('flow'), parsed))),
    };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const faults = error.faults.map(({ line, key, value, expected, nearest }): Remark => {
      const says = `expected ${expected}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
      return { ...(line > 0 && { line }), key, ...(value !== '' && { value }), says };
    });
    return { file, faults, warnings: [], flows: [] };
  }
}

function describe(page: Page, { file, faults, warnings, flows }: Outcome): string {
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
  const place = line === undefined ? (flow ?? file) : `${file}:${line}`;
  const written = [key, value].filter((part) => part !== undefined).join(' = ');
  return { label, lines: [{ whole: written === '' ? place : `${place}: ${written}` }, says] };
}
