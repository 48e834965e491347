/** A group of pollers holds at most 100 mappings, and 2,000 pollers of all of them (Lambda API, `PollerGroupName`). */
export const MOST_MAPPINGS_IN_GROUP = 100;
const MOST_POLLERS = 2_000;

/** Pollers that each mapping of a full group may have. */
export const MOST_POLLERS_IN_FULL_GROUP = MOST_POLLERS / MOST_MAPPINGS_IN_GROUP;

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;

/** Whether Lambda takes the name for a group of pollers. */
export function isPollerGroup(name: string): boolean {
  return NAME.test(name);
}
