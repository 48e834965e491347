import type { RegistryEntry } from './entry.ts';
import { ApplicationsMovedError } from './refusals.ts';
import { type Asking, changed, hasMoved, heldBy } from './transition.ts';

/**
 * The run is to be undone: from here on it leads on to nothing, and its next stage ends it.
 *
 * @throws RunSupersededError, and ApplicationsMovedError once it is too late for it
 */
export function requestAbort(entry: RegistryEntry, asking: Asking): RegistryEntry {
  const held = heldBy(entry, asking);
  if (hasMoved(entry, held)) throw new ApplicationsMovedError(asking.flow, held);
  return held.abortRequested ? entry : changed(entry, { run: { ...held, abortRequested: true } });
}
