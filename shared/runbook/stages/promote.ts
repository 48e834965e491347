import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { listed } from './errors.ts';
import { passed, warned } from './outcome.ts';

/** Moves the applications: the registry first, which alone decides, then whatever tells of it. */
export const promote: Stage<Pick<RunbookPorts, 'registry' | 'publication'>> = async (run, ports) => {
  const { registry, publication } = ports;
  if (run.dryRun) return passed(`the registry would name ${run.way.to}`);
  const entry = await registry.promote(run.generation);
  const published = await publication.publish(entry);
  const missing = published.filter(({ because }) => because !== undefined);
  const evidence = { active: entry.active, changedAt: entry.changedAt, published };
  const says = `applications are on ${entry.active}`;
  if (missing.length === 0) return passed(says, evidence);
  const regions = missing.map(({ region, because }) => `${region}: ${because}`);
  return warned(`${says}; SSM parameters that were not written: ${listed(regions)}`, evidence);
};
