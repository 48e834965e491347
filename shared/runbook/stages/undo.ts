import { flowName } from '../../flow/flow.ts';
import { describeConsumer } from '../consumers/consumer-id.ts';
import { startAgain } from '../consumers/start-again.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import { RunbookKind, type RunbookRun } from '../runbook.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import { stagesOf } from '../stages.ts';
import { listed } from './errors.ts';
import { setMappingsBy } from './mappings.ts';
import { passed, waiting } from './outcome.ts';
import { removeShadowsOf } from './remove-shadows.ts';
import { admitWriters, admitWritersForGood } from './write-fence.ts';

/** Left of a call for its answer. */
const MARGIN_MS = 2_000;

type Ports = Pick<
  RunbookPorts,
  'registry' | 'journal' | 'forward' | 'from' | 'to' | 'writeFences' | 'consumers' | 'clock' | 'settings'
>;

/**
 * Takes back what a run has changed before applications were moved. Clients come first: as long as they hold, applications
 * stand still. Then the flow, then the lock. `left` in the evidence tells what cannot be taken back.
 */
export const undo: Stage<Ports> = async (run, ports, { until }) => {
  const { registry, forward, clock, settings } = ports;
  if (run.dryRun || run.generation === 0) return passed('Nothing was changed.', { left: [] });
  const entry = await registry.entry();
  if (entry.active === run.way.to) {
    const left = [`Applications are on ${entry.active}: the way back is another runbook.`];
    return passed('Nothing is undone after applications were moved.', { left });
  }
  if (entry.run === undefined) return passed('It was undone before.', { left: await leftOf(run, ports) });
  if (run.kind === RunbookKind.Drill) return undoDrill(run, ports);
  // First of all: clients that go on are not to be refused.
  const refused = await admitWriters(run, ports.from, ports);
  await registry.unfence(run.generation);
  const name = flowName(forward.flow);
  // Also where it seems free: a call before may have lifted the flow's hold, and not yet that of every partition.
  const [{ notYet }, consumers] = await Promise.all([
    forward.hold.lift(run.generation, until - MARGIN_MS),
    startAgain(run, ports, until - MARGIN_MS),
  ]);
  if (notYet.length > 0) return waiting(`${name} is still held: ${listed(notYet.map(({ message }) => message))}`);
  const end = until - MARGIN_MS;
  const off = await setMappingsBy(forward.mappings, true, clock, end);
  if (off !== undefined && off.length > 0)
    return waiting(`${name}: mappings are not enabled yet: ${listed(off.map(({ topic }) => topic))}`);
  const disabled = `Lambda consumers on ${run.way.from} are still disabled: ${listed(consumers.mappings.map(describeConsumer))}`;
  if (consumers.kind === 'changing') return waiting(disabled);
  const stands = settings.fenceByAcls ? await admitWritersForGood(run, ports.from, ports) : refused;
  // A cluster that is lost is not waited for: the next runbook lifts what is noted.
  if (stands !== undefined && !run.emergency) return waiting(stands);
  await registry.finish(run.generation);
  const away = consumers.kind === 'away' ? [`${disabled} (${consumers.because}). Enable them by hand.`] : [];
  const left = [...(await leftOf(run, ports)), ...(stands === undefined ? [] : [stands]), ...away];
  const silent = `Event source mappings of ${name} do not answer: reconcile enables those that are disabled.`;
  const says = `Clients go on at ${run.way.from}, ${name} copies as before, the lock is given back.`;
  return passed(says, { left: off === undefined ? [...left, silent] : left });
};

async function undoDrill(run: RunbookRun, ports: Ports): Promise<StageOutcome> {
  const { removed, left } = await removeShadowsOf(ports);
  await ports.registry.finish(run.generation);
  return passed(`${removed} shadow groups are deleted, the lock is given back.`, { left });
}

/** Of stages that had passed, or may have done something. */
async function leftOf({ generation, kind }: RunbookRun, { journal }: Ports): Promise<readonly string[]> {
  const done = new Set((await journal.run(generation)).map(({ stage }) => stage));
  return stagesOf(kind).flatMap(({ name, undo: how }) => {
    return how.kind === 'not-undone' && done.has(name) && name !== 'promote' ? [how.left] : [];
  });
}
