import { ClientState, type RegistryEntry } from './entry.ts';
import { NotFencedError } from './refusals.ts';
import { type Asking, hasMoved, isFencedFor, leadingOn, told } from './transition.ts';

/**
 * Applications are moved: the other cluster is the active one, and clients go on there. Changes nothing when the run has
 * done so already.
 *
 * @throws RunSupersededError, RunAbortedError, DrillMovesNobodyError; NotFencedError unless clients were fenced before, in
 * an emergency producers at least
 */
export function promote(entry: RegistryEntry, asking: Asking, at: number): RegistryEntry {
  const held = leadingOn(entry, asking);
  if (hasMoved(entry, held)) return entry;
  if (!isFencedFor(held.kind, entry.clients)) throw new NotFencedError(asking.flow, held, entry);
  return told(entry, at, { active: held.to, clients: ClientState.Serving, movedAt: at });
}
