import { NameListRefusal } from '../policy/name-list.ts';
import { HEARTBEATS_TOPIC } from '../policy/replication-policy.ts';
import { flowPolicy } from './flow-policy.ts';
import type { Flow } from './flow-schema.ts';

/** Why no heartbeats of a flow's source come to its target: the flow does not copy them, or no pair writes them there. */
export type NoHeartbeats = 'not-copied' | 'not-written';

/** @param all pairs of the file, also those that are there for their heartbeats alone @returns undefined where they come */
export function noHeartbeats(flow: Flow, all: readonly Flow[]): NoHeartbeats | undefined {
  if (!copiesHeartbeats(flow)) return 'not-copied';
  const written = all.some((pair) => pair.target.alias === flow.source.alias && pair.emitHeartbeats.enabled);
  return written ? undefined : 'not-written';
}

/** A list that cannot be read is a fault of its own, and says nothing about heartbeats. */
function copiesHeartbeats(flow: Flow): boolean {
  try {
    return flow.replicateHeartbeats || flowPolicy(flow).covers(HEARTBEATS_TOPIC).covered;
  } catch (error) {
    if (error instanceof NameListRefusal) return true;
    throw error;
  }
}
