import type { FlowId } from '../flow/flow.ts';

/**
 * - switchover: planned; applications move from the flow's source to its target, nothing lost, nothing read twice
 * - failover: the same in an emergency; the source may be gone
 * - failback: planned, from the flow's target back to its source
 * - drill: the steps of a failover with shadow groups; no client is moved
 */
export const RunbookKind = {
  Switchover: 'switchover',
  Failover: 'failover',
  Failback: 'failback',
  Drill: 'drill',
} as const;
export type RunbookKind = (typeof RunbookKind)[keyof typeof RunbookKind];

/** What started an execution. An alarm starts nothing but failovers, and fewer of them than a person may. */
export const StartedBy = { Person: 'person', Schedule: 'schedule', Alarm: 'alarm', Plan: 'plan' } as const;
export type StartedBy = (typeof StartedBy)[keyof typeof StartedBy];

/** From which cluster applications move to which, by alias. */
export interface Way {
  readonly from: string;
  readonly to: string;
}

/** A failback goes against the flow, the others with it. */
export function wayOfRunbook(kind: RunbookKind, { source, target }: FlowId): Way {
  return kind === RunbookKind.Failback ? { from: target, to: source } : { from: source, to: target };
}

/** One execution of a runbook. */
export interface RunbookRun {
  readonly kind: RunbookKind;
  /** The flow that the runbook belongs to: its table, its functions, its registry. */
  readonly flow: FlowId;
  readonly way: Way;
  /** Raised with every run of the flow; whatever a run writes, a later run's generation outranks. 0 in a dry run. */
  readonly generation: number;
  /** ARN of the state machine's execution. */
  readonly execution: string;
  readonly startedBy: StartedBy;
  /** Why, as whoever started it put it; empty when nobody did. */
  readonly reason: string;
  /** Nothing is changed: each stage says whether it would succeed. */
  readonly dryRun: boolean;
  /** Only the failover may be started while the source does not answer. */
  readonly emergency: boolean;
}
