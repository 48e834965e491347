import type { Arguments } from '../arguments.ts';
import { type Asked, answersOf, askEach, describeUnasked, havingTopic } from '../ask-each.ts';
import type { Answer, Command } from '../command.ts';
import { enabledFlows } from '../enabled-flows.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { present } from '../gaps/present.ts';
import { type FlowGaps, readGaps } from '../gaps/read-gaps.ts';
import { REPAIR_OPTIONS } from '../gaps/repair/question.ts';

/** What could not be copied? */
export const gaps: Command = {
  usage: [
    '[--flow <A->B>] [--topic <topic>] [--all]',
    'repair --flow <A->B> [--topic <topic>] --to <topic> [--apply] [--again]',
  ],
  description: [
    'Lists the gap ledger of each flow: every range of offsets that is not in the target, or not any more, with when that was found, why, and what can be done. Nothing else is missing there: a record that cannot be copied is in the ledger before the flow goes on after it.',
    'It asks the offset map’s table in the target region: no broker has to be reachable, and the source region may be lost.',
    'Offsets are counted, not records: transaction markers and what compaction removed have offsets as well.',
    'repair writes records that were set aside (causeway.record.too.large = quarantine) to a topic of the target that you name and have made, byte for byte, in the order of their source offsets, with headers that say where each comes from; never into the copy, where they would come after newer records. Without --apply it prints what it would write. What is written is noted, so that it may be repeated. The target’s brokers have to be reachable from where it runs, with the logins of the file.',
    'Exit code 0: the ledger is empty; 1: it is not, there is no such topic, nothing is replicated yet, or a flow could not be asked. Of repair: 0, every record that was set aside is written; 1, there is one to write, or one that cannot be.',
  ],
  options: [
    { name: 'topic', value: 'topic', summary: 'by its name on either cluster; default every topic of the flow' },
    { name: 'all', summary: 'every range, not only the 20 newest of a flow' },
    ...REPAIR_OPTIONS,
    { name: 'prefix', value: 'name', summary: 'of a deployment made with -c prefix=<name>; default causeway' },
  ],
  examples: [
    { command: 'causeway gaps', does: 'is anything missing on the target?' },
    { command: "causeway gaps --flow 'us-east->us-west' --topic orders --json", does: 'one topic, for a program' },
    {
      command: 'causeway gaps repair --flow us-east:us-west --to orders.set-aside',
      does: 'what was set aside, and would it fit there?',
    },
    { command: 'causeway gaps repair --flow us-east:us-west --to orders.set-aside --apply', does: 'write it' },
  ],
  run: async (context) => {
    const { arguments: args, configuration } = context;
    if (isRepair(args)) return (await import('../gaps/repair/run.ts')).repair(context);
    const flows = enabledFlows(args.text('flow'), await configuration('names'));
    const prefix = args.text('prefix') ?? 'causeway';
    return gapsAnswer(await askEach(flows, (flow) => readGaps(flow, prefix, args.text('topic'))), args.flag('all'));
  },
};

/** @throws UsageError */
function isRepair(args: Arguments): boolean {
  const [verb, ...more] = args.positionals;
  if (more.length > 0 || (verb !== undefined && verb !== 'repair'))
    throw new UsageError(
      `gaps takes no ${args.positionals.join(' ')}`,
      'It takes repair, or nothing. A topic is named with --topic.',
    );
  const stray = REPAIR_OPTIONS.find(({ name, value }) =>
    value === undefined ? args.flag(name) : args.text(name) !== undefined,
  );
  if (verb === undefined && stray !== undefined)
    throw new UsageError(`--${stray.name} belongs to causeway gaps repair`, 'Without repair, gaps only reads.');
  return verb === 'repair';
}

/** @throws CausewayError when no flow could be asked */
export function gapsAnswer(asked: readonly Asked<FlowGaps>[], all: boolean): Answer {
  const { answers, unasked } = answersOf(havingTopic(asked));
  const failures = describeUnasked(unasked);
  const isWhole = unasked.length === 0 && answers.every(({ topics, gaps: found }) => topics > 0 && found.length === 0);
  return {
    exitCode: isWhole ? ExitCode.Yes : ExitCode.No,
    json: {
      flows: answers.map(({ flow, topics, gaps: found }) => ({
        ...{ flow, topics },
        gaps: found.map(({ partition: { topic, remoteTopic, partition, generation }, entry, repairs }) => {
          const repaired = repairs && { repairs: repairs.map(timed) };
          return { topic, remoteTopic, partition, generation, ...timed(entry), ...repaired };
        }),
      })),
      failures: failures.json,
    },
    text: (page) => [...answers.map((answer) => present(page, answer, all)), ...failures.texts(page)].join('\n\n'),
  };
}

function timed<T extends { readonly at: number }>(each: T) {
  return { ...each, at: new Date(each.at).toISOString() };
}
