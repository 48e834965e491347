import type { Clock } from '../../append/ports.ts';
import { ClientState, type RegistryEntry } from '../registry/entry.ts';
import type { RunbookKind } from '../runbook.ts';
import { RunEndedBadlyError, RunGoesOnError } from './errors.ts';
import type { PlanExecutions } from './ports.ts';

/** Between two looks at an execution, which takes a minute or more. */
const LOOK_MS = 3_000;

export interface FollowOptions {
  readonly kind: RunbookKind;
  /** Alias of the cluster that applications are wanted on. */
  readonly to: string;
  readonly executions: PlanExecutions;
  /** @throws what the store throws */
  readonly entry: () => Promise<RegistryEntry>;
  readonly clock: Clock;
  /** ms since the epoch; by then it answers. */
  readonly until: number;
}

/** What a step of a plan came to: applications were where they are wanted already, or a run moved them. */
export type Followed =
  | { readonly outcome: 'nothing-to-do' }
  | { readonly outcome: 'moved'; readonly execution: string };

/**
 * Has applications moved, and answers once they are. Called again, it finds the run that it has started and follows that;
 * calls that overlap start one run at most that does anything, for the registry's lock is one.
 *
 * @throws RunGoesOnError when the time is over first, RunEndedBadlyError, and what the ports throw
 */
export async function followRun({ kind, to, executions, entry, clock, until }: FollowOptions): Promise<Followed> {
  let execution = await executions.running();
  if (execution === undefined) {
    if (isThere(await entry(), to)) return { outcome: 'nothing-to-do' };
    execution = await executions.start();
  }
  for (;;) {
    const state = await executions.state(execution);
    if (state.kind === 'succeeded') return { outcome: 'moved', execution };
    if (state.kind === 'ended-badly') throw new RunEndedBadlyError(kind, execution, state.error, state.cause);
    if (clock.now() + LOOK_MS >= until) throw new RunGoesOnError(kind, execution);
    await clock.wait(LOOK_MS);
  }
}

/** A run that has moved them and stopped after it has still to be gone on with. */
function isThere({ active, clients, run }: RegistryEntry, to: string): boolean {
  return active === to && clients === ClientState.Serving && run === undefined;
}
