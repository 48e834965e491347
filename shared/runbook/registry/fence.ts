import { ClientState, type RegistryEntry } from './entry.ts';
import { type Asking, hasMoved, leadingOn, withClients } from './transition.ts';

/**
 * Producers are to hold what they are given. Nothing is changed where clients are fenced already, nor by a run that was
 * started again after it had moved the applications: they go on where they are now.
 *
 * @throws RunSupersededError, RunAbortedError, DrillMovesNobodyError
 */
export function fenceProducers(entry: RegistryEntry, asking: Asking, at: number): RegistryEntry {
  const held = leadingOn(entry, asking);
  if (hasMoved(entry, held) || entry.clients !== ClientState.Serving) return entry;
  return withClients(entry, ClientState.ProducersFenced, at);
}

/** Consumers too are to commit and leave their groups; otherwise as {@link fenceProducers}. */
export function fenceConsumers(entry: RegistryEntry, asking: Asking, at: number): RegistryEntry {
  const held = leadingOn(entry, asking);
  return hasMoved(entry, held) ? entry : withClients(entry, ClientState.ClientsFenced, at);
}
