import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { flowName } from '../../../shared/flow/flow.ts';
import { RunbookMetric } from '../../../shared/runbook/machine.ts';
import type { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { DEFAULT_PREFIX, physicalName } from '../names.ts';
import type { ReplicationFlowProps } from '../props.ts';

/** The shortest that costs no more: a dry run or a run gives one value. */
const SOON = Duration.minutes(5);

type OwnProps = Omit<AlarmProps, 'threshold'> & { readonly threshold?: number };

/** Of one flow's runbooks. Nothing but the function's own metrics: a state machine's do not tell a dry run from a run. */
export class RunbookAlarms extends Construct {
  /** A run in earnest went wrong. */
  readonly failed: Alarm;
  /** That a runbook would not succeed now, or that nobody knows: true of a new flow until its first drill. */
  readonly notReady: Alarm[] = [];
  readonly #props: ReplicationFlowProps;

  constructor(scope: Construct, id: string, props: ReplicationFlowProps) {
    super(scope, id);
    this.#props = props;
    this.failed = this.#alarm('RunFailed', 'runbook-failed', {
      alarmDescription: 'A switchover, failover, failback or drill did not end well: npx causeway status',
      metric: this.#metric(RunbookMetric.Failed, {}, Stats.MAXIMUM, SOON),
      evaluationPeriods: 1,
      // Runs are rare, and one that has failed is not made good by time: see when the next one ends well.
      treatMissingData: TreatMissingData.IGNORE,
    });
  }

  /** The last dry run says that the runbook would not succeed now; it stands until another says otherwise. */
  wouldStop(kind: RunbookKind): void {
    this.#isNotReady(`${kind}WouldStop`, `${kind}-would-stop`, {
      alarmDescription: `A ${kind} would not succeed now: its last dry run says what would stop it`,
      metric: this.#metric(RunbookMetric.DryRunFailed, { Runbook: kind }, Stats.MAXIMUM, SOON),
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.IGNORE,
    });
  }

  /** No dry run has come to its end for two intervals and an hour: nobody knows whether it would succeed. */
  notTried(kind: RunbookKind, everyHours: number): void {
    this.#isNotReady(`${kind}NotTried`, `${kind}-not-tried`, {
      alarmDescription: `No dry run of ${kind} has ended lately: look at its rule, its state machine and the function runbook`,
      metric: this.#metric(RunbookMetric.DryRunFailed, { Runbook: kind }, Stats.SAMPLE_COUNT, Duration.hours(1)),
      evaluationPeriods: 2 * everyHours + 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  /**
   * No drill has succeeded for so many days. Nor has one where nothing is told: the age is told with every dry run, so either
   * there never was a drill, or there was no dry run to tell of it. A plan that was never executed is no plan.
   */
  drillOverdue(days: number): void {
    this.#isNotReady('DrillOverdue', 'drill-overdue', {
      alarmDescription: `No drill has succeeded in the last ${days} days: npx causeway drill start`,
      metric: this.#metric(RunbookMetric.DrillAge, {}, Stats.MINIMUM, Duration.days(1)),
      evaluationPeriods: 1,
      threshold: Duration.days(days).toSeconds(),
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  /**
   * No heartbeat of the source has arrived for so many minutes: the source, its region or the way from there is lost. None
   * at all are told as such: the function that waits for them is beside the target, and cannot tell of those that it misses.
   */
  sourceLost(minutes: number): Alarm {
    const { flow } = this.#props;
    return this.#alarm('SourceLost', 'source-lost', {
      alarmDescription: `No heartbeat of ${flow.source} has arrived for ${minutes} minutes: a failover is started, which proves that it is gone`,
      metric: this.#metric('HeartbeatLatency', { service: 'heartbeat' }, Stats.SAMPLE_COUNT, Duration.minutes(1)),
      evaluationPeriods: minutes,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  #isNotReady(id: string, name: string, own: OwnProps): void {
    this.notReady.push(this.#alarm(id, name, own));
  }

  #metric(metricName: string, more: Readonly<Record<string, string>>, statistic: string, period: Duration): Metric {
    const dimensionsMap = { Flow: flowName(this.#props.flow), service: 'runbook', ...more };
    return new Metric({ namespace: 'Causeway', metricName, dimensionsMap, statistic, period });
  }

  #alarm(id: string, name: string, own: OwnProps): Alarm {
    const { namePrefix = DEFAULT_PREFIX, flow } = this.#props;
    const alarm = new Alarm(this, id, {
      alarmName: physicalName(namePrefix, flow, name),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      ...own,
    });
    return alarm;
  }
}
