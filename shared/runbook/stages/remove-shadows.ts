import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { ShadowsLeft } from './errors.ts';
import { passed, stopped } from './outcome.ts';
import { patiently } from './poll.ts';
import { SHADOW_PREFIX } from './shadow-name.ts';

/** A coordinator that moves. */
const PATIENCE_MS = 20_000;

type Ports = Pick<RunbookPorts, 'registry' | 'to' | 'clock'>;

/** Deletes the shadows of this drill, and of any before that ended early. */
export async function removeShadowsOf({ to }: Pick<RunbookPorts, 'to'>): Promise<{
  readonly removed: number;
  /** Those that are left, each with why. */
  readonly left: readonly string[];
}> {
  const { groups, silentBrokers } = await to.groups.list();
  const shadows = [...groups.keys()].filter((id) => id.startsWith(SHADOW_PREFIX));
  const refused = shadows.length === 0 ? new Map<string, string>() : await to.groups.remove(shadows);
  const silent = silentBrokers.map(({ broker, code }) => `broker ${broker} does not tell its groups: ${code}`);
  const left = [...[...refused].map(([group, code]) => `${group} (${code})`), ...silent];
  return { removed: shadows.length - refused.size, left };
}

export const removeShadows: Stage<Ports> = async (run, ports, time) => {
  if (run.dryRun) return passed('the shadows would be deleted');
  const { removed, left } = await removeShadowsOf(ports);
  if (left.length > 0)
    return patiently(stopped(new ShadowsLeft(run.way.to, left), { left }), ports.clock, time, PATIENCE_MS);
  await ports.registry.finish(run.generation);
  return passed(`${removed} shadow groups are deleted, the lock is given back`, { removed });
};
