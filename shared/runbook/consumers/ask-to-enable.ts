import type { Clock } from '../../append/ports.ts';
import { isInUse, type MappingSwitch, type SwitchedMapping } from '../ports/mapping-switch.ts';

/** Lambda's control plane takes 15 requests a second of an account, and each look is one a function. */
export const PAUSE_MS = 1_000;

/**
 * Asks for mappings to be enabled, and does not wait until they are: Lambda connects its pollers in its own time, and
 * nothing else is to stand still for that.
 * @param until ms since the epoch
 * @returns those that Lambda has not taken on yet. @throws CausewayError
 */
export async function askToEnable<Mapping extends SwitchedMapping>(
  mappings: MappingSwitch<Mapping>,
  wanted: (mapping: Mapping) => boolean,
  clock: Clock,
  until: number,
): Promise<readonly Mapping[]> {
  const asked = new Set<string>();
  for (;;) {
    const left = (await mappings.list()).filter((each) => wanted(each) && !isInUse(each) && !asked.has(each.uuid));
    for (const each of left)
      if (each.state === 'disabled' && (await mappings.setEnabled(each, true)) === 'updated') asked.add(each.uuid);
    const rest = left.filter(({ uuid }) => !asked.has(uuid));
    if (rest.length === 0 || clock.now() + PAUSE_MS >= until) return rest;
    await clock.wait(PAUSE_MS);
  }
}
