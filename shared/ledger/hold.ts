import type { RunbookKind } from '../runbook/runbook.ts';

/**
 * Keeps a flow from copying while a runbook moves applications, in the target region's offset map under the flow's own
 * key, apart from what deployments write there. While it stands no HEAD is created, and `reconcile` keeps the flow's
 * mappings disabled.
 */
export interface Hold {
  /** Of the run that holds. It, and any of a higher generation, lifts it. */
  readonly generation: number;
  /** ms since the epoch */
  readonly since: number;
  readonly kind: RunbookKind;
}

/** The hold of one flow. Reads are strongly consistent, and no answer is from memory. */
export interface FlowHolds {
  current(): Promise<Hold | undefined>;
  /** @returns what stands now: `hold`, that of the same generation from before, or one of a higher generation */
  place(hold: Hold): Promise<Hold>;
  /** @returns what stands now: nothing, or a hold of a higher generation */
  lift(generation: number): Promise<Hold | undefined>;
}

/** `held by switchover generation 7 since 2026-03-01T12:00:00.000Z` */
export function describeHold({ kind, generation, since }: Hold): string {
  return `held by ${kind} generation ${generation} since ${new Date(since).toISOString()}`;
}
