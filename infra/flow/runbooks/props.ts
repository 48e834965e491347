import type { Approval } from '../../../shared/runbook/machine.ts';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';

/** What a failback and the runbooks' last stages need to know of the flow that goes the other way. */
export interface ReverseFlow {
  /** As `remoteTopics` of that flow. @default `*` */
  readonly remoteTopics?: string;
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
   * Whether writers may be fenced by ACLs on the cluster that is left, which needs the right to alter it. @default false:
   * by the registry alone
   */
  readonly fenceByAcls?: boolean;
  /** ARNs of SNS topics that the alarms tell, in the target region. @default none */
  readonly alarmTopicArns?: readonly string[];
}

export function dryRunHours({ dryRuns = {} }: FlowRunbooks, kind: RunbookKind): number {
  return dryRuns.everyHours?.[kind] ?? (kind === RunbookKind.Failover ? DRY_RUN_HOURS.least : DRY_RUN_HOURS.most);
}

/** What cannot work about them, each with its property. */
export function runbookFaults({ dryRuns = {}, alarmTopicArns = [] }: FlowRunbooks, region: string): string[] {
  const hours = Object.entries(dryRuns.everyHours ?? {}).flatMap(([kind, each]) => {
    const { least, most } = DRY_RUN_HOURS;
    const holds = Number.isInteger(each) && each >= least && each <= most;
    return holds ? [] : [`runbooks.dryRuns.everyHours.${kind}: ${each} is not a whole number from ${least} to ${most}`];
  });
  const topics = alarmTopicArns
    .filter((arn) => arn.split(':')[2] !== 'sns' || arn.split(':')[3] !== region)
    .map((arn) => `runbooks.alarmTopicArns: ${arn} is not an SNS topic in the target region ${region}`);
  return [...hours, ...topics];
}
