import { readFile } from 'node:fs/promises';
import { messageOf } from '../../flow/errors.ts';
import type { TimeRange } from '../../verify/bounds.ts';
import { faultsOf, type SealedReport, seal } from '../../verify/flow-report.ts';
import type { Arguments } from '../arguments.ts';
import { answersOf, askEach, describeUnasked, havingTopic, type Unasked } from '../ask-each.ts';
import type { Answer, Command, CommandContext } from '../command.ts';
import { enabledFlows } from '../enabled-flows.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { Interrupts } from '../terminal/interrupts.ts';
import { compareFlow } from '../verify/compare-flow.ts';
import { VerifyFileUnusable } from '../verify/errors.ts';
import { KeptStates } from '../verify/kept-states.ts';
import { keyFrom } from '../verify/keys.ts';
import { present } from '../verify/present.ts';
import { type Compared, writeWhole } from '../verify/state-file.ts';
import { wholeNumber } from '../whole-number.ts';

const HELP = 'causeway verify --help shows its options.';
const DEFAULT_WINDOW_MINUTES = 60;
const DEFAULT_DIFFERENCES = 1_000;

/** Is everything there? */
export const verify: Command = {
  usage: [
    '[--flow <A->B>] [--topic <topic>] [--from <time>] [--to <time>] [--state <file>] [--report <file>]',
    '--check <report> --public-key <file>',
  ],
  description: [
    'Reads both logs of each partition from end to end and compares them record by record: keys, values, headers and times to the byte, and their order; and asks the offset map about each, whether it says where the copy stands. What is in the source and not in the target has to be in the gap ledger, or left out since it came from the target. It tells what else is not the same, the first differences of each partition with their offsets, and never what is in a record.',
    'The report counts records by partition and by the hour of their time, with a checksum that rolls over all identities (SHA-256 of time, key, value and headers) on each side. --sign-with signs it; --check says later whether it is as it was signed.',
    'Memory is bounded, and nothing is written to the clusters. It compares what is replicated when it begins; traffic may go on. With --state it goes on where it was stopped, by Ctrl-C or otherwise.',
    'Brokers have to be reachable from where it runs, with the logins of the file.',
    'Exit code 0: complete; 1: something is different, could not be compared, or is not replicated yet; or there is nothing to compare.',
  ],
  options: [
    { name: 'topic', value: 'topic', summary: 'by its name on either cluster; default every topic of the flow' },
    { name: 'from', value: 'time', summary: 'records from this time on, 2026-01-31T12:00:00Z; default all' },
    { name: 'to', value: 'time', summary: 'records before this time; default all that are replicated' },
    { name: 'window-minutes', value: 'n', summary: `of a window of the report; default ${DEFAULT_WINDOW_MINUTES}` },
    {
      name: 'max-differences',
      value: 'n',
      summary: `a partition is given up after these; default ${DEFAULT_DIFFERENCES}`,
    },
    { name: 'state', value: 'file', summary: 'where it keeps how far it is, and goes on from' },
    { name: 'report', value: 'file', summary: 'where the report is written, as JSON' },
    { name: 'sign-with', value: 'file', summary: 'private key (PEM; Ed25519, RSA or EC) that signs the report' },
    { name: 'check', value: 'report', summary: 'whether this report is as it was signed' },
    { name: 'public-key', value: 'file', summary: 'with --check: the key that signed it' },
    { name: 'prefix', value: 'name', summary: 'of a deployment made with -c prefix=<name>; default causeway' },
  ],
  examples: [
    { command: "causeway verify --flow 'us-east->us-west'", does: 'is everything there?' },
    {
      command: 'causeway verify --topic orders --state orders.state --report orders.json --sign-with verify.key',
      does: 'one topic, with a report that is signed; may be stopped',
    },
    {
      command: 'causeway verify --check orders.json --public-key verify.pub',
      does: 'is that report as it was signed?',
    },
  ],
  run: async (context) => {
    const { arguments: args } = context;
    if (args.positionals.length > 0)
      throw new UsageError(`verify takes no ${args.positionals.join(' ')}`, 'A topic is named with --topic.');
    const report = args.text('check');
    return report === undefined ? compareFlows(context) : checkReport(report, args.text('public-key'));
  },
};

async function compareFlows({ arguments: args, configuration, progress }: CommandContext): Promise<Answer> {
  const loaded = await configuration();
  const flows = enabledFlows(args.text('flow'), loaded);
  const wanted: Compared = {
    ...{ topic: args.text('topic'), ...timesOf(args, Date.now()) },
    windowMinutes: wholeNumber(args, 'window-minutes', 1, HELP) ?? DEFAULT_WINDOW_MINUTES,
  };
  const key = await keyFrom(args.text('sign-with'), 'private');
  using interrupts = new Interrupts();
  await using kept = await KeptStates.open(args.text('state'), wanted);
  const mostApart = wholeNumber(args, 'max-differences', 1, HELP) ?? DEFAULT_DIFFERENCES;
  const prefix = args.text('prefix') ?? 'causeway';
  const sealed = await askEach(flows, async (flow) => {
    const found = await compareFlow(flow, prefix, {
      ...{ topic: wanted.topic, windowMinutes: wanted.windowMinutes, mostApart },
      times: { from: wanted.from, to: wanted.to },
      ...{ states: kept.states, underway: kept.underway() },
      ...{ signal: interrupts.signal, progress },
    });
    return seal(found, key);
  });
  const { answers, unasked } = answersOf(havingTopic(sealed));
  const path = args.text('report');
  // One report as it is; of several flows a list.
  const reports = answers.length === 1 ? answers[0] : answers;
  if (path !== undefined) await writeWhole(path, `${JSON.stringify(reports, undefined, 2)}\n`);
  return verifyAnswer(answers, unasked, interrupts.signal.aborted);
}

function verifyAnswer(answers: readonly SealedReport[], unasked: readonly Unasked[], stopped: boolean): Answer {
  const failures = describeUnasked(unasked);
  const isComplete = unasked.length === 0 && answers.every(({ report }) => report.verdict === 'complete');
  return {
    exitCode: stopped ? ExitCode.Interrupted : isComplete ? ExitCode.Yes : ExitCode.No,
    json: { flows: answers, failures: failures.json },
    text: (page) => [...answers.map((answer) => present(page, answer)), ...failures.texts(page)].join('\n\n'),
  };
}

async function checkReport(path: string, publicKey: string | undefined): Promise<Answer> {
  const key = await keyFrom(publicKey, 'public');
  if (key === undefined)
    throw new UsageError(
      `nothing is known of ${path} by itself: who changes a report can make another digest, or sign it again`,
      'Name the key that has to have signed it: --public-key <file>.',
    );
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new VerifyFileUnusable(path, messageOf(error));
  });
  const faults = faultsOf(text, key);
  const isFine = faults.length === 0;
  return {
    exitCode: isFine ? ExitCode.Yes : ExitCode.No,
    json: { report: path, asSigned: isFine, faults },
    text: ({ style }) =>
      isFine
        ? `${path}: ${style.good(`it is as the key of ${publicKey} signed it`)}`
        : `${path}: ${style.bad(faults.join('; '))}`,
  };
}

/** Times between which there can be no record are a mistake, and nothing that is complete. @throws UsageError */
function timesOf(args: Arguments, now: number): TimeRange {
  const [from, to] = [timeOf(args, 'from'), timeOf(args, 'to')];
  if (from !== undefined && from > now)
    throw new UsageError(`--from ${args.text('from')} is still to come: there is nothing to compare`, HELP);
  if (from !== undefined && to !== undefined && from >= to)
    throw new UsageError('--to is not after --from: there is nothing to compare', HELP);
  return { from, to };
}

function timeOf(args: Arguments, option: string): number | undefined {
  const text = args.text(option);
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new UsageError(`--${option} ${text} is no time with its zone`, 'Write it as 2026-01-31T12:00:00Z.');
  return time;
}
