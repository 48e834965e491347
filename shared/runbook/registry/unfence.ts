import { ClientState, type RegistryEntry } from './entry.ts';
import { ApplicationsMovedError } from './refusals.ts';
import { type Asking, changed, hasMoved, heldBy, withClients } from './transition.ts';

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
  const changedAt = entry.clients === ClientState.Serving ? entry.changedAt : at;
  return changed(entry, { clients: ClientState.Serving, changedAt, run: { ...held, abortRequested: true } });
}
