import type { Flow } from '../../config/flow-schema.ts';
import { flowName, flowOf } from '../../flow/flow.ts';
import type { Option } from '../arguments.ts';
import type { Answer, Command } from '../command.ts';
import type { LoadedConfiguration } from '../configuration-file.ts';
import { ExitCode } from '../exit-code.ts';
import type { Explanation } from '../explain/explanation.ts';
import { explainAbsent } from '../explain/flow-enabled.ts';
import { askLive, isAsExplained, type Live, withLive } from '../explain/live-topic.ts';
import { present } from '../explain/present.ts';
import { type Question, questionsIn } from '../explain/questions.ts';
import { WrittenFile } from '../explain/written-file.ts';
import { flowsAsked, namedFlow } from '../flows.ts';
import { wrap } from '../terminal/page.ts';

const OPTIONS: readonly Option[] = [
  { name: 'group', value: 'group', summary: 'ask about a consumer group' },
  { name: 'acl', summary: 'ask about an ACL, written with the options of kafka-acls:' },
  { name: 'topic', value: 'topic', summary: 'the topic, also for an ACL' },
  { name: 'allow-principal', value: 'principal', summary: 'User:app, for example' },
  { name: 'deny-principal', value: 'principal', summary: 'for an ACL that denies' },
  { name: 'allow-host', value: 'host', summary: 'default *' },
  { name: 'deny-host', value: 'host', summary: 'default *' },
  { name: 'operation', value: 'operation', repeatable: true, summary: 'Read, Write, ...; default All' },
  { name: 'resource-pattern-type', value: 'type', summary: 'literal or prefixed; default literal' },
  { name: 'transactional-id', value: 'id', summary: 'the resource, instead of a topic or group' },
  { name: 'cluster', summary: 'the resource, instead of a topic or group' },
  { name: 'live', summary: 'of a topic: ask the deployed flow, too, what there is of it now' },
  { name: 'prefix', value: 'name', summary: 'of a deployment made with -c prefix=<name>; default causeway' },
];

/** Why is this replicated, or why not? From the configuration alone, unless `--live` is given. */
export const explain: Command = {
  usage: ['<topic>', '--group <group>', '--acl --topic <topic> --allow-principal <principal> [--operation Read]'],
  description: [
    'Says of every flow whether it replicates a topic, the offsets of a consumer group, or an ACL: the rule, the line of the file and the very entry that decided, everything that stands in the way, and the lines that would change the answer. Names are meant as they are on the source of each flow.',
    'It reads the configuration and asks no cluster: it answers also while both are down, and for names that do not exist yet.',
    'With --live the function reconcile of each flow is asked, too: whether the topic and its copy are there, what reads it, and what is to be done for it yet. Brokers need not be reachable from here.',
    'Exit code 0: a flow replicates it (with several ACLs, all of them); 1: none does, or with --live: it is not so yet, or could not be found out.',
  ],
  options: OPTIONS,
  examples: [
    { command: 'causeway explain orders', does: 'which flows copy the topic orders, and under which name?' },
    { command: "causeway explain stock --flow 'us-east->us-west' --json", does: 'one flow, for a program' },
    { command: 'causeway explain orders --live', does: 'is it so, too: does the copy exist, is it fed?' },
    { command: 'causeway explain --group billing', does: 'are the offsets of the group billing carried over?' },
    {
      command: 'causeway explain --acl --topic orders --allow-principal User:app --operation Write',
      does: 'may User:app write to the copy of orders?',
    },
  ],
  run: async ({ arguments: args, configuration }) => {
    const questions = questionsIn(args);
    const prefix = args.flag('live') ? (args.text('prefix') ?? 'causeway') : undefined;
    return answer(questions, await configuration('names'), args.text('flow'), prefix);
  },
};

/** @param prefix of the deployment that is asked; undefined: none is */
async function answer(
  questions: readonly Question[],
  loaded: LoadedConfiguration,
  flow: string | undefined,
  prefix: string | undefined,
): Promise<Answer> {
  const { configuration, file } = loaded;
  const written = new WrittenFile(loaded.text);
  const named = flow === undefined ? undefined : namedFlow(flow, configuration);
  const asked = flowsAsked(flow, configuration).filter(({ enabled }) => enabled || named !== undefined);
  const explained = questions.map(async ({ json, subject, topic, ask }) => {
    const about = prefix === undefined || topic === undefined ? undefined : { topic, prefix };
    const flows: Explained[] = await Promise.all(asked.map((each) => seen(ask(each, written), each, about)));
    if (named !== undefined && flows.length === 0)
      flows.push(explainAbsent(named, `${subject} is not replicated`, written));
    return { json, subject, flows, replicated: flows.some(({ replicated }) => replicated) };
  });
  const answers = await Promise.all(explained);
  const silent =
    named === undefined
      ? configuration.flows.filter(({ enabled }) => !enabled).map((each) => flowName(flowOf(each)))
      : [];
  return {
    exitCode: answers.every(({ replicated, flows }) => replicated && flows.every(({ isSo = true }) => isSo))
      ? ExitCode.Yes
      : ExitCode.No,
    json: {
      file,
      answers: answers.map(({ json, replicated, flows }) => ({ ...json, replicated, flows: flows.map(asJson) })),
      notEnabled: silent,
    },
    text: (page) => {
      const blocks = answers.flatMap(({ flows }) => flows.map((each) => present(page, each, file)));
      if (blocks.length === 0) blocks.push(`${file} enables no flow, so nothing is replicated`);
      if (silent.length > 0)
        blocks.push(wrap(`Not enabled, so they copy nothing: ${silent.join(', ')}`, page.width).join('\n'));
      return blocks.join('\n\n');
    },
  };
}

/** An explanation with what was found, if that was asked. */
interface Explained extends Explanation {
  readonly live?: Live;
}

async function seen(
  explanation: Explanation,
  flow: Flow,
  about: { readonly topic: string; readonly prefix: string } | undefined,
): Promise<Explained> {
  if (about === undefined || !flow.enabled) return explanation;
  const live = await askLive(flow, about.topic, about.prefix);
  return { ...withLive(explanation, flow, about.topic, live), live, isSo: isAsExplained(explanation, live) };
}

function asJson(explanation: Explanation): object {
  return { ...explanation, flow: flowName(explanation.flow) };
}
