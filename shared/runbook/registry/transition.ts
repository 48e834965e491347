import { RunbookKind, type RunbookRun } from '../runbook.ts';
import { ClientState, type RegistryEntry, type RunningRunbook } from './entry.ts';
import { DrillMovesNobodyError, RunAbortedError, RunSupersededError } from './refusals.ts';

/** Which run asks for a change. */
export type Asking = Pick<RunbookRun, 'flow' | 'generation'>;

/** The entry after a change: conditional on the version of the one before. */
export function changed(entry: RegistryEntry, changes: Partial<Omit<RegistryEntry, 'version'>>): RegistryEntry {
  return { ...entry, ...changes, version: entry.version + 1 };
}

/**
 * With clients told something new. Clients know the later of two entries of a generation by `changedAt`, so it rises also
 * where the clock of this call is behind that of the one before.
 */
export function told(
  entry: RegistryEntry,
  at: number,
  changes: Partial<Omit<RegistryEntry, 'version'>>,
): RegistryEntry {
  return changed(entry, { ...changes, changedAt: Math.max(at, entry.changedAt + 1) });
}

/** With what clients do from `at` on; the same entry if they do that already. */
export function withClients(entry: RegistryEntry, clients: ClientState, at: number): RegistryEntry {
  return entry.clients === clients ? entry : told(entry, at, { clients });
}

/** The run that holds the lock. @throws RunSupersededError if that is not the one that asks */
export function heldBy(entry: RegistryEntry, { flow, generation }: Asking): RunningRunbook {
  if (!entry.run || entry.generation !== generation) throw new RunSupersededError(flow, generation, entry);
  return entry.run;
}

/**
 * The run that holds the lock, for a change that leads on to moving applications.
 * @throws RunSupersededError, RunAbortedError, DrillMovesNobodyError
 */
export function leadingOn(entry: RegistryEntry, asking: Asking): RunningRunbook {
  const held = heldBy(entry, asking);
  if (held.kind === RunbookKind.Drill) throw new DrillMovesNobodyError(asking.flow);
  if (held.abortRequested) throw new RunAbortedError(asking.flow, held);
  return held;
}

/** Whether the run that holds the lock has moved the applications. */
export function hasMoved(entry: RegistryEntry, held: RunningRunbook): boolean {
  return entry.active === held.to;
}

/** Whether applications may be moved now, by what they are doing. */
export function isFencedFor(kind: RunbookKind, clients: ClientState): boolean {
  // In an emergency consumers read on as long as the source lets them: nothing is lost by it.
  if (kind === RunbookKind.Failover) return clients !== ClientState.Serving;
  return clients === ClientState.ClientsFenced;
}
