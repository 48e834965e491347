import type { PlannedTopic } from '../../../functions/reconcile/plan-response.ts';
import { counted } from '../../counted.ts';
import { describeHold } from '../../ledger/hold.ts';
import { FILE_NOT_DEPLOYED } from '../../status/deployed.ts';
import { type Asked, answersOf, askEach, describeUnasked } from '../ask-each.ts';
import type { Answer, Command } from '../command.ts';
import { enabledFlows } from '../enabled-flows.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { type FlowPlan, planFlow } from '../plan/plan-flow.ts';
import { fields, type Line, type Page } from '../terminal/page.ts';

/** What would reconcile do now? */
export const plan: Command = {
  usage: ['[--flow <A->B>]'],
  description: [
    'Asks the deployed function reconcile what it would do now, topic by topic and step by step; settings and ACLs of copies when their intervals have passed. Nothing is changed.',
    'The function reads both clusters, the offset map and the event source mappings from where it stands: brokers need not be reachable from here, and lambda:InvokeFunction is the only right that it takes.',
    'Exit code 0: there is nothing to do; 1: there is, the file itself is to be deployed, or the flow is not enabled.',
  ],
  options: [{ name: 'prefix', value: 'name', summary: 'of a deployment made with -c prefix=<name>; default causeway' }],
  examples: [
    { command: 'causeway plan', does: 'what would be done for every enabled flow?' },
    { command: "causeway plan --flow 'us-east->us-west' --json", does: 'one flow, for a program' },
  ],
  run: async ({ arguments: args, configuration }) => {
    if (args.positionals.length > 0)
      throw new UsageError(`plan takes no ${args.positionals.join(' ')}`, 'It is about whole flows: --flow names one.');
    const flows = enabledFlows(args.text('flow'), await configuration());
    const prefix = args.text('prefix') ?? 'causeway';
    return planAnswer(await askEach(flows, (flow) => planFlow(flow, prefix)));
  },
};

/** @throws CausewayError when no flow could be asked */
export function planAnswer(asked: readonly Asked<FlowPlan>[]): Answer {
  const { answers, unasked } = answersOf(asked);
  const failures = describeUnasked(unasked);
  return {
    exitCode: answers.every(isDone) && unasked.length === 0 ? ExitCode.Yes : ExitCode.No,
    json: { flows: answers, failures: failures.json },
    text: (page: Page) => [...answers.map((each) => describe(page, each)), ...failures.texts(page)].join('\n\n'),
  };
}

function isDone({ topics, outOfStep, faults, fileIsDeployed }: FlowPlan): boolean {
  return fileIsDeployed && topics.length + outOfStep.length + faults.length === 0;
}

function describe(page: Page, plan: FlowPlan): string {
  const { flow, covered, topics, outOfStep, faults, orphans, removed, hold, fileIsDeployed } = plan;
  const { bold, good, warning } = page.style;
  const concerned = new Set([...topics, ...outOfStep].map(({ topic }) => topic)).size;
  const toDo = [
    ...(fileIsDeployed ? [] : ['the file is to be deployed']),
    ...(isDone({ ...plan, fileIsDeployed: true }) ? [] : [`${counted(concerned, 'topic')} to see to`]),
  ];
  const count = toDo.length === 0 ? good('nothing to do') : warning(toDo.join('; '));
  const head = fields(page, [{ label: bold(flow), lines: [`${count}, of ${counted(covered, 'topic')} covered`] }], 0);
  const rows = [
    ...topics.map((topic) => ({ label: topic.topic, lines: linesOf(page, topic) })),
    ...outOfStep.map(({ topic, remoteTopic, steps }) => ({
      label: topic,
      lines: [`on ${remoteTopic}, when the interval of settings or ACLs has passed:`, ...steps],
    })),
    ...faults.map(({ code, what, next }) => ({ label: page.style.bad(code), lines: [what, next] })),
  ];
  const notes = [
    ...(orphans.length === 0 ? [] : [`kept, though the source topics are gone: ${orphans.join(', ')}`]),
    ...(hold === undefined
      ? []
      : [`The flow is ${describeHold(hold)}: its mappings are kept disabled, and nothing is copied.`]),
    ...(removed ? ['Its stack is being destroyed, so reconcile does nothing more.'] : []),
    ...(fileIsDeployed ? [] : [`${FILE_NOT_DEPLOYED}: this is the plan of what was deployed.`]),
  ];
  return [
    head,
    ...(rows.length === 0 ? [] : [fields(page, rows)]),
    ...(notes.length === 0 ? [] : [fields(page, [{ label: warning('note'), lines: notes }])]),
  ].join('\n');
}

/** The steps of a topic, what they wait for, and why there are none. */
export function linesOf({ style }: Page, { gone, steps, waitingFor, fault }: PlannedTopic): readonly Line[] {
  return [
    ...(gone === undefined ? [] : [gone]),
    ...steps.map(({ says }) => says),
    ...(waitingFor === undefined ? [] : [waitingFor.says]),
    ...(fault === undefined ? [] : [style.bad(fault.code), fault.what, fault.next]),
  ];
}
