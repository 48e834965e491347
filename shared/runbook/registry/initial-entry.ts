import type { FlowId } from '../../flow/flow.ts';
import { ClientState, type RegistryEntry } from './entry.ts';

/** What holds while there is no entry: applications are at the flow's source, and no run has been. */
export function initialEntry({ source }: FlowId): RegistryEntry {
  return { version: 0, active: source, clients: ClientState.Serving, generation: 0, run: undefined, changedAt: 0 };
}
