import { ClientState, type RegistryEntry } from './entry.ts';
import { ApplicationsMovedError } from './refusals.ts';
import { type Asking, changed, hasMoved, heldBy, told, withClients } from './transition.ts';

/**
 * Clients go on where they are. From here on the run is being undone: what it still sends, as an invocation that comes
 * late, neither fences nor moves anybody.
 *
 * @throws RunSupersededError, and ApplicationsMovedError once there is nothing to be undone
 */
export function unfence(entry: RegistryEntry, asking: Asking, at: number): RegistryEntry {
  const held = heldBy(entry, asking);
  if (hasMoved(entry, held)) throw new ApplicationsMovedError(asking.flow, held);
  if (held.abortRequested) return withClients(entry, ClientState.Serving, at);
  const undoing = { run: { ...held, abortRequested: true } };
  if (entry.clients === ClientState.Serving) return changed(entry, undoing);
  return told(entry, at, { ...undoing, clients: ClientState.Serving });
}
