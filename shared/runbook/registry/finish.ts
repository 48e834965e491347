import { RunbookKind } from '../runbook.ts';
import { ClientState, type RegistryEntry } from './entry.ts';
import { ClientsStillFencedError } from './refusals.ts';
import { type Asking, changed, hasMoved, heldBy } from './transition.ts';

/**
 * The run gives the lock back, done or undone. Changes nothing when it has done so already and no later run has begun.
 *
 * @throws RunSupersededError, and ClientsStillFencedError as long as clients hold
 */
export function finish(entry: RegistryEntry, asking: Asking, at: number): RegistryEntry {
  if (!entry.run && entry.generation === asking.generation) return entry;
  const held = heldBy(entry, asking);
  if (entry.clients !== ClientState.Serving) throw new ClientsStillFencedError(asking.flow, held, entry);
  const moved = held.kind !== RunbookKind.Drill && hasMoved(entry, held);
  return changed(entry, { run: undefined, ...(moved && { movedAt: at }) });
}
