import { startThere } from '../consumers/start-there.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import type { Stage, StageTime } from '../stage.ts';
import { listed } from './errors.ts';
import { passed, waiting, warned } from './outcome.ts';

/** Left of a call for its answer. */
const MARGIN_MS = 2_000;
/** Below the limit of the stage: applications have moved, and the run goes on without what Lambda does not take on. */
const PATIENCE_MS = 45_000;

type Ports = Pick<
  RunbookPorts,
  'registry' | 'publication' | 'consumers' | 'forward' | 'backward' | 'to' | 'clock' | 'settings'
>;

/** Moves the applications: the registry first, which alone decides, then whatever tells of it, and Lambda consumers. */
export const promote: Stage<Ports> = async (run, ports, time) => {
  const { registry, publication } = ports;
  if (run.dryRun) return passed(`the registry would name ${run.way.to}`);
  const entry = await registry.promote(run.generation);
  const [published, consumers] = await Promise.all([
    publication.publish(entry),
    startThere(run, ports, time.until - MARGIN_MS),
  ]);
  const missing = published.filter(({ because }) => because !== undefined);
  const evidence = {
    ...{ active: entry.active, changedAt: entry.changedAt, published },
    ...(ports.consumers && { consumers }),
  };
  const moved = `applications are on ${entry.active}`;
  const count = consumers.enabled.length;
  const says = count === 0 ? moved : `${moved}, ${count} event source mappings are enabled there`;
  const notYet = consumers.notYet.map((each) => `not enabled yet: ${each}`);
  if (notYet.length > 0 && isPatient(run, ports, time)) return waiting(`${moved}; ${listed(notYet)}`, evidence);
  const regions = missing.map(({ region, because }) => `${region}: ${because}`);
  const remarks = [
    ...(regions.length > 0 ? [`SSM parameters that were not written: ${listed(regions)}`] : []),
    ...[...notYet, ...consumers.remarks].map((each) => `Lambda consumers: ${each}`),
  ];
  return remarks.length === 0 ? passed(says, evidence) : warned([says, ...remarks].join('; '), evidence);
};

function isPatient({ emergency }: RunbookRun, { clock, settings }: Ports, { since }: StageTime): boolean {
  return clock.now() < since + (emergency ? settings.controlPlaneMs : PATIENCE_MS);
}
