import { isFunctionName } from '../../../shared/config/read-lambda-consumers.ts';
import type { Approval } from '../../../shared/runbook/machine.ts';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';

/** What a failback and the runbooks' last stages need to know of the flow that goes the other way. */
export interface ReverseFlow {
  /** As `remoteTopics` of that flow. @default `*` */
  readonly remoteTopics?: string;
  /**
   * The topics that it copies, as `encodeTopicChoice` writes them. @default a failback does not look for topics that are to be
   * copied and that `reconcile` has not taken on, as where it does not fit beside a long configuration
   */
  readonly topicChoice?: string;
  /** As `offsetMapKeyArn` of that flow. @default DynamoDB's AWS managed key */
  readonly offsetMapKeyArn?: string;
}

/** Seconds would be a load, weeks would be too late. */
export const DRY_RUN_HOURS = { least: 1, most: 24 } as const;

/** Dry runs ask both clusters and change nothing. */
export interface DryRuns {
  /** False: none by schedule, and no alarms on them. @default true */
  readonly enabled?: boolean;
  /** Hours between two, 1 to 24. @default 1 for the failover, 24 for the others */
  readonly everyHours?: Partial<Readonly<Record<RunbookKind, number>>>;
}

/** How a flow's applications are moved. */
export interface FlowRunbooks {
  /** False: there is nothing that moves applications; the registry is there all the same. @default true */
  readonly enabled?: boolean;
  /** Whether a person is asked, unless the execution's input says it; a drill has no such stage. @default `waived` */
  readonly approval?: Partial<Readonly<Record<RunbookKind, Approval>>>;
  /** @default see DryRuns */
  readonly dryRuns?: DryRuns;
  /**
   * Whether the brokers of the cluster that is left refuse all writers while applications are moved, by ACLs, which needs
   * the right to alter that cluster. @default false: writers are fenced by the registry alone
   */
  readonly fenceByAcls?: boolean;
  /**
   * Has a failover started when no heartbeat of the source has arrived for so many minutes, 2 to 60. Its stages prove all the
   * same that the source is gone, and the registry keeps it from starting again too soon. @default nothing starts by itself
   */
  readonly failoverAfterMinutes?: number;
  /**
   * Whether there are functions that start a runbook and follow it, as a plan that moves a whole region wants them.
   * @default false
   */
  readonly planSteps?: boolean;
  /**
   * Functions of your own whose event source mappings are switched, names or ARNs, beside the source and beside the target.
   * @default none
   */
  readonly lambdaConsumers?: { readonly source: readonly string[]; readonly target: readonly string[] };
  /** Days after which a drill is overdue, which an alarm tells, 1 to 366. @default 90 */
  readonly drillEveryDays?: number;
}

export function dryRunHours({ dryRuns = {} }: FlowRunbooks, kind: RunbookKind): number {
  return dryRuns.everyHours?.[kind] ?? (kind === RunbookKind.Failover ? DRY_RUN_HOURS.least : DRY_RUN_HOURS.most);
}

/** Metrics are told each minute: one that is late must not move anybody. */
const FAILOVER_MINUTES = { least: 2, most: 60 } as const;
const DRILL_DAYS = { least: 1, most: 366 } as const;

/** What cannot work about them, each with its property. */
export function runbookFaults(runbooks: FlowRunbooks, heartbeats = true, heartbeatsArrive = true): string[] {
  const { dryRuns = {}, failoverAfterMinutes, drillEveryDays } = runbooks;
  const between = (name: string, value: number | undefined, { least, most }: { least: number; most: number }) => {
    const holds = value === undefined || (Number.isInteger(value) && value >= least && value <= most);
    return holds ? [] : [`runbooks.${name}: ${value} is not a whole number from ${least} to ${most}`];
  };
  const silence = !heartbeats
    ? 'the flow writes no heartbeats'
    : !heartbeatsArrive
      ? 'no heartbeats of the source arrive'
      : undefined;
  const silent =
    failoverAfterMinutes === undefined || silence === undefined
      ? []
      : [`runbooks.failoverAfterMinutes: ${silence}, so none would ever be missed`];
  const hours = Object.entries(dryRuns.everyHours ?? {}).flatMap(([kind, each]) =>
    between(`dryRuns.everyHours.${kind}`, each, DRY_RUN_HOURS),
  );
  return [
    ...hours,
    ...consumerFaults(runbooks),
    ...between('failoverAfterMinutes', failoverAfterMinutes, FAILOVER_MINUTES),
    ...between('drillEveryDays', drillEveryDays, DRILL_DAYS),
    ...silent,
  ];
}

/** In a role's policy `*` would stand for every function. */
function consumerFaults({ lambdaConsumers: { source, target } = { source: [], target: [] } }: FlowRunbooks): string[] {
  return [...source, ...target]
    .filter((name) => !isFunctionName(name))
    .map((name) => `runbooks.lambdaConsumers: ${name} is neither a name nor an ARN of a function`);
}
