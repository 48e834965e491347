import type { TranslateResponse } from '../../../functions/translate/response.ts';
import { TranslationCode } from '../../client/translate/errors.ts';
import { type Asked, answersOf, describeUnasked } from '../ask-each.ts';
import type { Answer, Command } from '../command.ts';
import { enabledFlows } from '../enabled-flows.ts';
import { ExitCode } from '../exit-code.ts';
import { present } from '../translate/present.ts';
import { questionIn } from '../translate/question.ts';
import { type FlowAnswer, translateFlows } from '../translate/translate-flow.ts';

/** Where is this group or offset on the other cluster? */
export const translate: Command = {
  usage: ['--group <group> [--reverse]', '--topic <topic> --partition <n> --offset <n> [--reverse]'],
  description: [
    'Says where a consumer goes on, on the other cluster, that is at this offset here: exactly, from the offset map, and where there is no exact answer why, never a guess. Topics may be called by their names on either cluster.',
    'It asks the flow’s own function in the target region: brokers need not be reachable from here, and the source region may be lost. A group is then translated by its last checkpoints, which is said, and how old they are: it may have read on since, and reads that again.',
    'Exit code 0: exact, for a group in every partition; 1: not, there is no translation, or it goes by checkpoints, unless --from-checkpoints takes these for good.',
  ],
  options: [
    { name: 'group', value: 'group', summary: 'a consumer group: all its offsets of replicated topics' },
    { name: 'topic', value: 'topic', summary: 'the topic of one offset' },
    { name: 'partition', value: 'n', summary: 'its partition' },
    { name: 'offset', value: 'n', summary: 'the first record not consumed' },
    { name: 'reverse', summary: 'from the flow’s target to its source' },
    {
      name: 'from-checkpoints',
      summary:
        'with --group: also with exit code 0 where its last checkpoints stand in for a source that does not answer',
    },
    { name: 'prefix', value: 'name', summary: 'of a deployment made with -c prefix=<name>; default causeway' },
  ],
  examples: [
    { command: 'causeway translate --group billing', does: 'where does the group billing go on after a failover?' },
    {
      command: 'causeway translate --topic orders --partition 3 --offset 152345',
      does: 'where is this record on the target?',
    },
    {
      command: 'causeway translate --topic us-east.orders --partition 3 --offset 152345 --reverse --json',
      does: 'where is that record on the source? for a program',
    },
  ],
  run: async ({ arguments: args, configuration }) => {
    const question = questionIn(args);
    const flows = enabledFlows(args.text('flow'), await configuration('names'));
    const prefix = args.text('prefix') ?? 'causeway';
    const how = { now: Date.now(), fromCheckpoints: args.flag('from-checkpoints') };
    return translateAnswer(await translateFlows(flows, question, prefix), how);
  },
};

/** How answers are judged. */
export interface Judging {
  /** ms since the epoch. */
  readonly now: number;
  /** Whether the last checkpoints of a group are as good as its offsets. */
  readonly fromCheckpoints: boolean;
}

/** Flows that know nothing of it are left out where another one does. @throws CausewayError when no flow could be asked */
export function translateAnswer(
  asked: readonly Asked<FlowAnswer>[],
  { now, fromCheckpoints }: Judging = { now: Date.now(), fromCheckpoints: false },
): Answer {
  const { answers, unasked } = answersOf(asked);
  const known = answers.filter(({ answer }) => !isUnknown(answer));
  const told = known.length > 0 ? known : answers;
  const failures = describeUnasked(unasked);
  return {
    exitCode:
      told.length > 0 &&
      told.every(({ answer }) => isExact(answer) && (fromCheckpoints || isFromCluster(answer))) &&
      unasked.length === 0
        ? ExitCode.Yes
        : ExitCode.No,
    json: {
      answers: told.map(({ flow, answer }) => ({ ...answer, flow })),
      failures: failures.json,
    },
    text: (page) => [...told.map((each) => present(page, each, now)), ...failures.texts(page)].join('\n\n'),
  };
}

const UNKNOWN: readonly string[] = [TranslationCode.UnknownGroup, TranslationCode.UnknownTopicPartition];

function isUnknown(answer: TranslateResponse): boolean {
  return 'error' in answer && UNKNOWN.includes(answer.error.code);
}

function isFromCluster(answer: TranslateResponse): boolean {
  return !('group' in answer) || answer.offsetsFrom.kind === 'cluster';
}

function isExact(answer: TranslateResponse): boolean {
  if ('error' in answer) return false;
  if (!('group' in answer)) return answer.exact;
  return answer.untranslated.length === 0 && answer.partitions.every(({ exact }) => exact);
}
