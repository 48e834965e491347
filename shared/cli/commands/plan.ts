import type { CausewayError } from '../../flow/errors.ts';
import type { TopicPlan } from '../../reconcile/action.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { flowsAsked } from '../flows.ts';
import { describeAction, describeOutOfStep, describeWaiting } from '../plan/describe-action.ts';
import { type FlowPlan, planFlow } from '../plan/plan-flow.ts';
import { counted, fields, type Line, type Page } from '../terminal/page.ts';

/** What would reconcile do now? */
export const plan: Command = {
  usage: ['[--flow <A->B>]'],
  description: [
    'Asks the deployed flow for its settings, reads both clusters, the offset map and the event source mappings, and prints what reconcile would do at its next look, topic by topic and step by step. Nothing is changed.',
    'It runs where it is called: the brokers have to be reachable from there, with the logins that the deployment names.',
    'Exit code 0: there is nothing to do; 1: there is.',
  ],
  options: [{ name: 'prefix', value: 'name', summary: 'of a deployment made with -c prefix=<name>; default causeway' }],
  examples: [
    { command: 'causeway plan', does: 'what would be done for every enabled flow?' },
    { command: "causeway plan --flow 'us-east->us-west' --json", does: 'one flow, for a program' },
  ],
  run: async ({ arguments: args, configuration }) => {
    if (args.positionals.length > 0)
      throw new UsageError(`plan takes no ${args.positionals.join(' ')}`, 'It is about whole flows: --flow names one.');
    const { configuration: parsed } = await configuration();
    const plans: FlowPlan[] = [];
    for (const flow of flowsAsked(args.text('flow'), parsed))
      if (flow.enabled) plans.push(await planFlow(flow, args.text('prefix') ?? 'causeway'));
    return planAnswer(plans);
  },
};

export function planAnswer(plans: readonly FlowPlan[]) {
  return {
    exitCode: plans.every(isDone) ? ExitCode.Yes : ExitCode.No,
    json: {
      flows: plans.map((each) => ({ ...each, topics: each.topics.map(topicJson), faults: each.faults.map(faultJson) })),
    },
    text: (page: Page) =>
      plans.length === 0
        ? 'no flow that is enabled was asked about'
        : plans.map((each) => describe(page, each)).join('\n\n'),
  };
}

function topicJson({ fault, ...rest }: TopicPlan): object {
  return fault === undefined ? rest : { ...rest, fault: faultJson(fault) };
}

function faultJson({ code, message, safe, next }: CausewayError): object {
  return { code, what: message, safe, next };
}

function isDone({ topics, outOfStep, faults }: FlowPlan): boolean {
  return topics.length + outOfStep.length + faults.length === 0;
}

function describe(page: Page, plan: FlowPlan): string {
  const { flow, covered, topics, outOfStep, faults, orphans, removed, fileIsDeployed } = plan;
  const { bold, good, warning } = page.style;
  const concerned = new Set([...topics, ...outOfStep].map(({ topic }) => topic)).size;
  const count = isDone(plan) ? good('nothing to do') : warning(`${counted(concerned, 'topic')} to see to`);
  const head = fields(page, [{ label: bold(flow), lines: [`${count}, of ${counted(covered, 'topic')} covered`] }], 0);
  const rows = [
    ...topics.map((topic) => ({ label: topic.topic, lines: linesOf(page, topic) })),
    ...outOfStep.map((each) => ({ label: each.remoteTopic, lines: describeOutOfStep(each) })),
    ...faults.map((fault) => ({ label: page.style.bad(fault.code), lines: [fault.message, fault.next] })),
  ];
  const notes = [
    ...(orphans.length === 0 ? [] : [`kept, though the source topics are gone: ${orphans.join(', ')}`]),
    ...(removed ? ['Its stack is being destroyed, so reconcile does nothing more.'] : []),
    ...(fileIsDeployed ? [] : ['The file is not what was deployed: this is the plan of what was deployed.']),
  ];
  return [
    head,
    ...(rows.length === 0 ? [] : [fields(page, rows)]),
    ...(notes.length === 0 ? [] : [fields(page, [{ label: warning('note'), lines: notes }])]),
  ].join('\n');
}

function linesOf({ style }: Page, { actions, waitingFor, fault }: TopicPlan): readonly Line[] {
  return [
    ...actions.map(describeAction),
    ...(waitingFor === undefined ? [] : [describeWaiting(waitingFor)]),
    ...(fault === undefined ? [] : [style.bad(fault.code), fault.message, fault.next]),
  ];
}
