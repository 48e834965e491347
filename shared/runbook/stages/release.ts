import { flowName } from '../../flow/flow.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import type { Stage, StageTime } from '../stage.ts';
import { listed } from './errors.ts';
import { setMappingsBy } from './mappings.ts';
import { passed, waiting, warned } from './outcome.ts';
import { admitWriters } from './write-fence.ts';

/** Left of a call for its answer. */
const MARGIN_MS = 2_000;

type Ports = Pick<RunbookPorts, 'registry' | 'from' | 'forward' | 'writeFences' | 'clock' | 'settings'>;

/** Lets the flow run again, so that what was left behind is copied once it can be, and gives the lock back. */
export const release: Stage<Ports> = async (run, ports, time) => {
  const { registry, forward, clock } = ports;
  if (run.dryRun) return passed('the flow would run again, and the lock be given back');
  const name = flowName(forward.flow);
  const { notYet } = await forward.hold.lift(run.generation, time.until - MARGIN_MS);
  if (notYet.length > 0) return waiting(`${name} is still held: ${listed(notYet.map(({ message }) => message))}`);
  const refused = await admitWriters(run, ports.from, ports);
  if (refused !== undefined && !run.emergency) return waiting(refused);
  const mappings = await enabled(run, ports, time);
  if (mappings.state === 'changing') return waiting(mappings.says);
  await registry.finish(run.generation);
  const lifted = refused === undefined ? [] : [`${refused}; the next runbook of the flow lifts them`];
  const says = [`${name} runs again, ${mappings.says}`, ...lifted, 'the lock is given back'].join('; ');
  const evidence = { mappings, refused, releasedAt: clock.now() };
  return mappings.state === 'enabled' && refused === undefined ? passed(says, evidence) : warned(says, evidence);
};

/** Where the source's region is away, `reconcile` enables them when it is back: nothing holds them any more. */
async function enabled(run: RunbookRun, { forward, clock, settings }: Ports, { since, until }: StageTime) {
  const patience = run.emergency ? since + settings.controlPlaneMs : Number.POSITIVE_INFINITY;
  const away = 'its event source mappings are enabled by reconcile when their region is back';
  if (clock.now() >= patience) return { state: 'away', says: away } as const;
  const end = until - MARGIN_MS;
  const left = await setMappingsBy(forward.mappings, true, clock, end);
  if (left?.length === 0) return { state: 'enabled', says: 'its event source mappings are enabled' } as const;
  const names = left?.map(({ topic, state }) => `${topic} ${state}`) ?? ['their region does not answer'];
  return { state: 'changing', says: `event source mappings are not enabled yet: ${listed(names)}` } as const;
}
