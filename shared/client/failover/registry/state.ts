import { z } from 'zod';
import { ClientState } from '../../../runbook/registry/entry.ts';

/** What an application needs to know of the flow's registry entry. */
export interface RegistryState {
  /** Alias of the cluster that applications use. */
  readonly active: string;
  readonly clients: ClientState;
  /** Of the run that wrote it last; 0 before the first one. */
  readonly generation: number;
  /** When `active` or `clients` changed last, ms since the epoch. */
  readonly changedAt: number;
}

const schema = z.object({
  active: z.string().min(1),
  clients: z.enum(ClientState),
  generation: z.int().min(0),
  changedAt: z.number(),
});

/**
 * Other members are passed over: the entry has more than applications look at.
 * @throws ZodError
 */
export function parseRegistryState(value: unknown): RegistryState {
  return schema.parse(value);
}

/** Before the first run there is no entry: applications are where they have always been. */
export function beforeFirstRun(home: string): RegistryState {
  return { active: home, clients: ClientState.Serving, generation: 0, changedAt: 0 };
}

/**
 * Whether `next` may take the place of `known`: an older generation never does, nor what was written earlier in the same
 * one. A replica of the registry may be behind.
 */
export function succeeds(next: RegistryState, known: RegistryState): boolean {
  if (next.generation !== known.generation) return next.generation > known.generation;
  return next.changedAt >= known.changedAt;
}

export function isSame(a: RegistryState, b: RegistryState): boolean {
  return (
    a.active === b.active && a.clients === b.clients && a.generation === b.generation && a.changedAt === b.changedAt
  );
}
