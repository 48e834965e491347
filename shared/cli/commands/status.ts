import { counted } from '../../counted.ts';
import { flowName } from '../../flow/flow.ts';
import { assess, type FlowStatus } from '../../status/assess.ts';
import { readFlow } from '../../status/read-flow.ts';
import type { Arguments } from '../arguments.ts';
import type { Answer, Command } from '../command.ts';
import { enabledFlows } from '../enabled-flows.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { statusPorts } from '../status/connect.ts';
import { present } from '../status/present.ts';

/** The alarms of a flow begin there as well. */
const DEFAULT_RECORDS = 10_000;
const DEFAULT_SECONDS = 60;

/** How far behind is each flow, and what is wrong? */
export const status: Command = {
  usage: ['[--flow <A->B>] [--max-records <n>] [--max-seconds <n>] [--max-group-seconds <n>]'],
  description: [
    'Reads both clusters and the offset map, and says of every flow, topic and group how far it is behind: records between what is replicated and the end of the source’s log, and the age of the oldest of them; of a group those that it has not consumed on the source, and whether the target has it where it belongs: at its place, behind it (it would read records twice), ahead of it (it would skip some), or active there. What hurts most comes first, and each fact has its age.',
    'A group that moves is behind its place until the next tick of checkpoint, so one that is behind is watched until it has come to where it belonged, for three ticks and at least 15 seconds; so are checkpoints that are due. A group that checkpoint has not listed yet is also waited for by refresh.groups, where that is a minute at most. Only what has not happened by then is wrong.',
    'It runs where it is called: brokers have to be reachable from there, with the logins of the file. What does not answer is shown as that, and the rest goes on.',
    'Exit code 0: nothing is wrong; 1: something is, or could not be found out, or the flow is not enabled.',
  ],
  options: [
    { name: 'max-records', value: 'n', summary: `records that a topic may be behind; default ${DEFAULT_RECORDS}` },
    { name: 'max-seconds', value: 'n', summary: `seconds that a topic may be behind; default ${DEFAULT_SECONDS}` },
    {
      name: 'max-group-seconds',
      value: 'n',
      summary:
        'seconds for a group that is behind its place on the target to come to it; default 3 ticks of checkpoint',
    },
    { name: 'all', summary: 'every topic and group, not only the 20 that hurt most' },
    { name: 'prefix', value: 'name', summary: 'of a deployment made with -c prefix=<name>; default causeway' },
  ],
  examples: [
    { command: 'causeway status', does: 'is anything wrong?' },
    {
      command: "causeway status --flow 'us-east->us-west' --max-seconds 5 --json",
      does: 'one flow, in a health check',
    },
  ],
  run: async ({ arguments: args, configuration, progress }) => {
    if (args.positionals.length > 0)
      throw new UsageError(
        `status takes no ${args.positionals.join(' ')}`,
        'It is about whole flows: --flow names one.',
      );
    const limits = {
      records: limit(args, 'max-records', DEFAULT_RECORDS),
      seconds: limit(args, 'max-seconds', DEFAULT_SECONDS),
    };
    const groupMs = args.flag('max-group-seconds') ? limit(args, 'max-group-seconds', 0) * 1_000 : undefined;
    const loaded = await configuration();
    const all = loaded.configuration.flows;
    const flows = enabledFlows(args.text('flow'), loaded);
    const found = flows.map(async (flow) => {
      const back = all.find(
        ({ source, target }) => source.alias === flow.target.alias && target.alias === flow.source.alias,
      );
      await using ports = statusPorts(flow, back, args.text('prefix') ?? 'causeway');
      const watching = (groups: number, seconds: number) =>
        progress(() => `${counted(groups, 'group')} of ${flowName(ports.flow)}: watched for up to ${seconds} s`);
      return assess(await readFlow(ports, { groupMs, watching }), limits, ports.now());
    });
    return statusAnswer(await Promise.all(found), args.flag('all'));
  },
};

export function statusAnswer(found: readonly FlowStatus[], all: boolean): Answer {
  const flows = found.toSorted(
    (a, b) =>
      Number(b.wrong) - Number(a.wrong) || (b.seconds ?? 0) - (a.seconds ?? 0) || (b.records ?? 0) - (a.records ?? 0),
  );
  return {
    exitCode: flows.some(({ wrong }) => wrong) ? ExitCode.No : ExitCode.Yes,
    json: { flows },
    text: (page) => flows.map((each) => present(page, each, all)).join('\n\n'),
  };
}

function limit(args: Arguments, option: string, otherwise: number): number {
  const text = args.text(option);
  if (text === undefined) return otherwise;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--${option} ${text} is no whole number from 0`, 'causeway status --help shows its options.');
}
