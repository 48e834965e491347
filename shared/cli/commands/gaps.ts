import { type Asked, answersOf, askEach, describeUnasked } from '../ask-each.ts';
import type { Answer, Command } from '../command.ts';
import { enabledFlows } from '../enabled-flows.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { present } from '../gaps/present.ts';
import { type FlowGaps, readGaps } from '../gaps/read-gaps.ts';

/** What could not be copied? */
export const gaps: Command = {
  usage: ['[--flow <A->B>] [--topic <topic>] [--all]'],
  description: [
    'Lists the gap ledger of each flow: every range of offsets that is not in the target, or not any more, with when that was found, why, and what can be done. Nothing else is missing there: a record that cannot be copied is in the ledger before the flow goes on after it.',
    'It asks the offset map’s table in the target region: no broker has to be reachable, and the source region may be lost.',
    'Offsets are counted, not records: transaction markers and what compaction removed have offsets as well.',
    'Exit code 0: the ledger is empty; 1: it is not, or a flow could not be asked.',
  ],
  options: [
    { name: 'topic', value: 'topic', summary: 'by its name on either cluster; default every topic of the flow' },
    { name: 'all', summary: 'every range, not only the 20 newest of a flow' },
    { name: 'prefix', value: 'name', summary: 'of a deployment made with -c prefix=<name>; default causeway' },
  ],
  examples: [
    { command: 'causeway gaps', does: 'is anything missing on the target?' },
    { command: "causeway gaps --flow 'us-east->us-west' --topic orders --json", does: 'one topic, for a program' },
  ],
  run: async ({ arguments: args, configuration }) => {
    if (args.positionals.length > 0)
      throw new UsageError(`gaps takes no ${args.positionals.join(' ')}`, 'A topic is named with --topic.');
    const flows = enabledFlows(args.text('flow'), await configuration('names'));
    const prefix = args.text('prefix') ?? 'causeway';
    return gapsAnswer(await askEach(flows, (flow) => readGaps(flow, prefix, args.text('topic'))), args.flag('all'));
  },
};

/** @throws CausewayError when no flow could be asked */
export function gapsAnswer(asked: readonly Asked<FlowGaps>[], all: boolean): Answer {
  const { answers, unasked } = answersOf(asked);
  const failures = describeUnasked(unasked);
  const isWhole = unasked.length === 0 && answers.every(({ gaps: found }) => found.length === 0);
  return {
    exitCode: isWhole ? ExitCode.Yes : ExitCode.No,
    json: {
      flows: answers.map(({ flow, gaps: found }) => ({
        flow,
        gaps: found.map(({ partition: { topic, remoteTopic, partition, generation }, entry }) => {
          return { topic, remoteTopic, partition, generation, ...entry, at: new Date(entry.at).toISOString() };
        }),
      })),
      failures: failures.json,
    },
    text: (page) => [...answers.map((answer) => present(page, answer, all)), ...failures.texts(page)].join('\n\n'),
  };
}
