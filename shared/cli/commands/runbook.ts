import type { Approval, ExecutionInput } from '../../runbook/machine.ts';
import { RunbookKind } from '../../runbook/runbook.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { oneFlow } from '../one-flow.ts';
import { abort } from '../runbook/abort.ts';
import { runbookPorts } from '../runbook/connect.ts';
import { approve, start, status } from '../runbook/verbs.ts';

const VERBS = ['start', 'status', 'approve', 'abort'] as const;
type Verb = (typeof VERBS)[number];

const ABOUT: Readonly<Record<RunbookKind, string>> = {
  [RunbookKind.Switchover]:
    'Moves the applications of a flow from its source to its target as planned: nothing is lost, nothing is read twice. Both regions have to be there.',
  [RunbookKind.Failover]:
    'Moves the applications of a flow to its target when its source is lost. It asks for two proofs of that, says what may be lost at least and at most, and what was left behind is copied when the source comes back.',
  [RunbookKind.Failback]:
    'Moves the applications of a flow back from its target to its source as planned, through the reverse flow: nothing is lost, nothing is read twice.',
  [RunbookKind.Drill]:
    'Does what a failover does with shadow groups, and compares what they would read, record by record. No client is moved and no group of an application touched.',
};

const APPROVAL = [
  { name: 'approval', value: 'required|waived', summary: 'whether a person has to approve; default: as deployed' },
  { name: 'refuse', summary: 'with approve: have it undone instead' },
];

/** One of the four runbooks, by its kind. */
export function runbookCommand(kind: RunbookKind): Command {
  const approves = isApproved(kind);
  return {
    usage: [
      `start [--dry-run]${approves ? ' [--approval required|waived]' : ''} [--reason <text>] [--detach]`,
      'status [--generation <n>]',
      ...(approves ? ['approve [--refuse]'] : []),
      'abort',
    ],
    description: [
      ABOUT[kind],
      `It is a state machine in the flow’s target region. start begins an execution and shows each stage as it goes; Ctrl-C ends the showing, not the execution. status shows where applications are and the newest run${approves ? ', approve lets one go on that waits for it' : ''}, abort has a run undone that has not moved applications yet. A run that stopped stays at its last good stage: start goes on from there, and proves everything again.`,
      'Exit code 0: it went through; 1: it did not, or the newest run did not.',
    ],
    options: [
      { name: 'dry-run', summary: 'changes nothing; says what would stop it' },
      ...(approves ? APPROVAL : []),
      { name: 'reason', value: 'text', summary: 'why, for the report' },
      { name: 'detach', summary: 'start it and end' },
      { name: 'generation', value: 'n', summary: 'status of this run; default: the newest' },
      { name: 'prefix', value: 'name', summary: 'of a deployment made with -c prefix=<name>; default causeway' },
    ],
    examples: [
      { command: `causeway ${kind} start --dry-run`, does: 'what would stop it today?' },
      { command: `causeway ${kind} start --flow us-east:us-west`, does: 'do it, and show each stage' },
      {
        command: `causeway ${kind} status --json`,
        does: 'where applications are and what the newest run did, for a program',
      },
    ],
    run: async (context) => {
      const { arguments: args } = context;
      const verb = verbIn(args, kind);
      const input = inputIn(args, kind);
      const generation = generationIn(args);
      const loaded = await context.configuration('names');
      const flow = oneFlow(args.text('flow'), loaded, 'whose applications are to be moved');
      using ports = runbookPorts(flow, kind, args.text('prefix') ?? 'causeway');
      const asked = { kind, ports, progress: context.progress };
      switch (verb) {
        case 'start':
          return await start(asked, input, args.flag('detach'));
        case 'status':
          return await status(asked, generation);
        case 'approve':
          return await approve(asked, !args.flag('refuse'));
        case 'abort':
          return await abort(asked);
      }
    },
  };
}

/** A drill changes nothing that anybody would have to agree to. */
function isApproved(kind: RunbookKind): boolean {
  return kind !== RunbookKind.Drill;
}

function verbIn({ positionals }: Arguments, kind: RunbookKind): Verb {
  const [word, ...more] = positionals;
  const verbs = VERBS.filter((each) => each !== 'approve' || isApproved(kind));
  const verb = verbs.find((each) => each === word);
  const help = `causeway ${kind} --help shows what it takes.`;
  if (verb === undefined)
    throw new UsageError(
      word === undefined ? `${kind} needs to be told what to do` : `${kind} knows no ${word}`,
      `One of: ${verbs.join(', ')}. ${help}`,
    );
  if (more.length > 0) throw new UsageError(`${kind} ${verb} takes no ${more.join(' ')}`, help);
  return verb;
}

function inputIn(args: Arguments, kind: RunbookKind): ExecutionInput {
  const approval = isApproved(kind) ? approvalIn(args.text('approval')) : undefined;
  const reason = args.text('reason');
  return {
    ...(args.flag('dry-run') && { dryRun: true }),
    ...(approval !== undefined && { approval }),
    ...(reason !== undefined && { reason }),
  };
}

function approvalIn(text: string | undefined): Approval | undefined {
  if (text === undefined || text === 'required' || text === 'waived') return text;
  throw new UsageError(`--approval ${text} is neither required nor waived`, 'Leave it out for what was deployed.');
}

function generationIn(args: Arguments): number | undefined {
  const text = args.text('generation');
  if (text === undefined) return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UsageError(`--generation ${text} is no whole number from 1`, 'Leave it out for the newest run.');
}
