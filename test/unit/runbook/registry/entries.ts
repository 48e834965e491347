import type { RegistryEntry, RunningRunbook } from '../../../../shared/runbook/registry/entry.ts';
import { FLOW } from './invocation.ts';

export const NOW = 1_800_000_000_000;
/** When the lock was taken that the entries here have. */
export const EARLIER = 1_700_000_000_000;

/** The run that holds the lock asks. */
export const HOLDER = { flow: FLOW, generation: 4 };
export const LATER = { flow: FLOW, generation: 5 };
export const FORMER = { flow: FLOW, generation: 3 };

export const SWITCHOVER: RunningRunbook = {
  kind: 'switchover',
  from: 'us-east',
  to: 'us-west',
  execution: 'arn:held',
  startedAt: EARLIER,
  abortRequested: false,
};
export const FAILOVER: RunningRunbook = { ...SWITCHOVER, kind: 'failover' };
export const DRILL: RunningRunbook = { ...SWITCHOVER, kind: 'drill' };
export const FAILBACK: RunningRunbook = { ...SWITCHOVER, kind: 'failback', from: 'us-west', to: 'us-east' };

/** Of generation 4, with clients at the source and a switchover that holds the lock. */
export function entryWith(changes: Partial<RegistryEntry> = {}): RegistryEntry {
  const before = { version: 9, active: 'us-east', clients: 'serving', generation: 4, changedAt: EARLIER } as const;
  return { ...before, run: SWITCHOVER, ...changes };
}
