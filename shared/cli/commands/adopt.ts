import { carryOut } from '../../adopt/carry-out.ts';
import { planAdoption } from '../../adopt/plan.ts';
import { adoptPorts } from '../adopt/connect.ts';
import { type AnyAdoption, asJson, outcomesOf, present } from '../adopt/present.ts';
import { ADOPT_OPTIONS, adoptQuestion, adoptWanted } from '../adopt/question.ts';
import type { Answer, Command } from '../command.ts';
import { enabledFlows } from '../enabled-flows.ts';
import { ExitCode } from '../exit-code.ts';

/** Go on where MirrorMaker 2 stopped. */
export const adopt: Command = {
  usage: ['[--flow <A->B>] [--topic <topic>]... [--yes]'],
  description: [
    'Takes over from MirrorMaker 2, however it ended: finds out from what it wrote down, and from the records of both clusters, which one of each partition it copied last, and has Causeway go on with the next. Where that is not certain the partition is refused, with the reason.',
    'Without --yes it prints the plan and changes nothing; MirrorMaker 2 may still be running. With --yes MirrorMaker 2 has to be stopped. What is taken over already stays as it is, so it may be repeated.',
    'The offset map has to be deployed (the stack of the target’s region). It runs where it is called: brokers have to be reachable from there, with the logins of the file.',
    'Exit code 0: every partition is replicated by Causeway, or begun by it; 1: there is something to take over, or a partition is refused.',
  ],
  options: ADOPT_OPTIONS,
  examples: [
    { command: 'causeway adopt --flow us-east:us-west', does: 'where would Causeway go on?' },
    { command: 'causeway adopt --flow us-east:us-west --yes', does: 'MirrorMaker 2 is stopped: take over' },
    {
      command: 'causeway adopt --offsets-topic mirrormaker2-cluster-offsets --connect-group mirrormaker2-cluster',
      does: 'from a Kafka Connect cluster, as Strimzi names its topics and its group',
    },
  ],
  run: async ({ arguments: args, configuration }) => {
    const question = adoptQuestion(args);
    const loaded = await configuration();
    const enabled = loaded.configuration.flows.filter((flow) => flow.enabled);
    const told: ToldAdoption[] = [];
    for (const flow of enabledFlows(args.text('flow'), loaded)) {
      await using ports = adoptPorts(flow, question, args.text('prefix') ?? 'causeway');
      const wanted = adoptWanted(flow, question, enabled);
      const plan = await planAdoption(wanted, ports);
      const carriedOut = args.flag('yes') && (wanted.workersIdle || !plan.workersRunning);
      told.push({ carriedOut, adoption: carriedOut ? await carryOut(plan, wanted, ports) : plan });
    }
    return adoptAnswer(told);
  },
};

export interface ToldAdoption {
  /** A plan else. */
  readonly carriedOut: boolean;
  readonly adoption: AnyAdoption;
}

export function adoptAnswer(told: readonly ToldAdoption[]): Answer {
  return {
    exitCode: told.every(isThrough) ? ExitCode.Yes : ExitCode.No,
    json: { flows: told.map((each) => ({ carriedOut: isCarriedOut(each), ...asJson(each.adoption) })) },
    text: (page) => told.map(({ carriedOut, adoption }) => present(page, adoption, carriedOut)).join('\n\n'),
  };
}

/** Where every partition is refused, nothing was. */
function isCarriedOut({ carriedOut, adoption }: ToldAdoption): boolean {
  const outcomes = outcomesOf(adoption);
  return carriedOut && (outcomes.length === 0 || outcomes.some(({ kind }) => kind !== 'refused'));
}

function isThrough({ adoption }: ToldAdoption): boolean {
  const isOpen = outcomesOf(adoption).some(({ kind }) => kind === 'adopt' || kind === 'refused');
  return !isOpen && adoption.absent.length === 0;
}
