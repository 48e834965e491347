import { flowName } from '../../flow/flow.ts';
import { describeHold, type Hold } from '../../ledger/hold.ts';
import type { RunbookFlow } from '../ports/flow.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import { RunbookKind, type RunbookRun } from '../runbook.ts';
import type { Stage, StageOutcome, StageTime } from '../stage.ts';
import { listed } from './errors.ts';
import { setMappings } from './mappings.ts';
import { passed, waiting, warned } from './outcome.ts';
import { ifItAnswers } from './poll.ts';
import { admitWriters } from './write-fence.ts';

/** Left of a call for its answer. */
const MARGIN_MS = 2_000;

type Ports = Pick<RunbookPorts, 'from' | 'backward' | 'writeFences' | 'clock'>;

/**
 * The way back: what is written now is copied to the cluster that was left. In an emergency that is gone, and with it where
 * the flow keeps how far it is: it goes on by itself when they are back.
 */
export const startReverse: Stage<Ports> = async (run, ports, time) => {
  const { backward } = ports;
  const { from, to } = run.way;
  // Under names that are kept the flow that comes back writes to the very topics for which brokers refuse writers.
  const refused = run.dryRun || run.emergency ? undefined : await admitWriters(run, ports.from, ports);
  if (refused !== undefined) return waiting(refused, { ...time.last });
  if (backward === undefined) return warned(`no flow ${to}->${from} is deployed: there is no way back without loss`);
  const name = flowName(backward.flow);
  if (run.dryRun) return passed(`${name} would be looked at`);
  if (!run.emergency) return started(run, backward, ports, time);
  const outcome = await ifItAnswers(started(run, backward, ports, time));
  return outcome ?? warned(`${name} goes on when ${from} is back: nothing of it answers now`);
};

async function started(
  run: RunbookRun,
  backward: RunbookFlow,
  { clock }: Ports,
  { until, last }: StageTime,
): Promise<StageOutcome> {
  const name = flowName(backward.flow);
  const hold = await backward.hold.current();
  if (hold !== undefined && !isOurs(run, hold))
    return warned(`${name} is ${describeHold(hold)}: it is left to that run`);
  const lifting = hold !== undefined || last?.lifting === true;
  const { notYet } = lifting ? await backward.hold.lift(run.generation, until - MARGIN_MS) : { notYet: [] };
  if (notYet.length > 0) {
    return waiting(`${name} is still held: ${listed(notYet.map(({ message }) => message))}`, { lifting });
  }
  const left = await setMappings(backward.mappings, true, clock, until - MARGIN_MS);
  if (left.length > 0) {
    const topics = listed(left.map(({ topic }) => topic));
    return waiting(`${name}: mappings are not enabled yet: ${topics}`, { lifting });
  }
  const topics = (await backward.topics()).length;
  return passed(`${name} runs with ${topics} topics`, { topics });
}

/**
 * Both flows of a pair have a registry, with generations of its own. A flow is held by runs of its own registry the way it
 * goes, and by failbacks of the other one.
 */
function isOurs({ kind }: RunbookRun, hold: Hold): boolean {
  return (kind === RunbookKind.Failback) !== (hold.kind === RunbookKind.Failback);
}
