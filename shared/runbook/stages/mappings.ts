import type { Clock } from '../../append/ports.ts';
import type { FlowMappings } from '../ports/flow.ts';
import type { SwitchedMapping } from '../ports/mapping-switch.ts';

const PAUSE_MS = 500;
/** Left of a time for the last look to be told: whoever waits no longer hears of no mapping. */
export const LOOK_MS = 1_500;

/**
 * Enables or disables all mappings of a flow, again where Lambda is still carrying out an earlier change, until they are so
 * or the time is over. A disabled mapping has no delivery under way.
 * @param until ms since the epoch
 * @returns those that are not so yet. @throws CausewayError
 */
export async function setMappings(
  mappings: FlowMappings,
  enabled: boolean,
  clock: Clock,
  until: number,
): Promise<readonly SwitchedMapping[]> {
  const [wanted, opposite] = enabled ? (['enabled', 'disabled'] as const) : (['disabled', 'enabled'] as const);
  for (;;) {
    const others = (await mappings.list()).filter(({ state }) => state !== wanted);
    if (others.length === 0 || clock.now() >= until) return others;
    for (const each of others) if (each.state === opposite) await mappings.setEnabled(each, enabled);
    await clock.wait(PAUSE_MS);
  }
}
