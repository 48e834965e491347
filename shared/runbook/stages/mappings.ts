import type { Clock } from '../../append/ports.ts';
import type { FlowMappings } from '../ports/flow.ts';
import { isInUse, type SwitchedMapping } from '../ports/mapping-switch.ts';
import { byThen, ifItAnswers } from './poll.ts';

const PAUSE_MS = 500;
/** Left of a time for the last look to be told: whoever waits no longer hears of no mapping. */
export const LOOK_MS = 1_500;

/**
 * Enables or disables all mappings of a flow, again where Lambda is still carrying out an earlier change, until they are so
 * or the time is over. A disabled mapping has no delivery under way. One that is being enabled will deliver, which may take
 * Lambda minutes: it is not waited for.
 * @param until ms since the epoch
 * @param seen is told at every look which are not so yet
 * @returns those that are not so yet. @throws CausewayError
 */
export async function setMappings(
  mappings: FlowMappings,
  enabled: boolean,
  clock: Clock,
  until: number,
  seen: (left: readonly SwitchedMapping[]) => void = () => {},
): Promise<readonly SwitchedMapping[]> {
  const isDone = enabled ? isInUse : ({ state }: SwitchedMapping) => state === 'disabled';
  const opposite = enabled ? 'disabled' : 'enabled';
  for (;;) {
    const others = (await mappings.list()).filter((each) => !isDone(each));
    seen(others);
    if (others.length === 0 || clock.now() >= until) return others;
    for (const each of others) if (each.state === opposite) await mappings.setEnabled(each, enabled);
    await clock.wait(PAUSE_MS);
  }
}

/** The same, as seen last if the region does not answer any more. @returns undefined: it never answered */
export async function setMappingsBy(
  mappings: FlowMappings,
  enabled: boolean,
  clock: Clock,
  by: number,
): Promise<readonly SwitchedMapping[] | undefined> {
  let last: readonly SwitchedMapping[] | undefined;
  const setting = setMappings(mappings, enabled, clock, by - LOOK_MS, (left) => {
    last = left;
  });
  return (await ifItAnswers(byThen(clock, by, setting))) ?? last;
}
