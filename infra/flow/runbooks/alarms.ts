import { Duration } from 'aws-cdk-lib';
import { Alarm, type AlarmProps, ComparisonOperator, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { flowName } from '../../../shared/flow/flow.ts';
import { alarmDescription, LAMBDA_ERRORS } from '../../../shared/metrics/alarms.ts';
import { RUNBOOK_ALARMS, type RunbookAlarmName } from '../../../shared/metrics/runbook-alarms.ts';
import { RunbookMetric } from '../../../shared/runbook/machine.ts';
import type { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { MISSING } from '../alarms/missing.ts';
import { DEFAULT_PREFIX, physicalName } from '../names.ts';
import type { ReplicationFlowProps } from '../props.ts';

/** The shortest that costs no more: a dry run or a run gives one value. */
const SOON = Duration.minutes(5);

type OwnProps = Omit<AlarmProps, 'threshold'> & { readonly threshold?: number };

/** Of one flow's runbooks. Nothing but the function's own metrics: a state machine's do not tell a dry run from a run. */
export class RunbookAlarms extends Construct {
  /** A run in earnest went wrong, or none could. */
  readonly failed: readonly Alarm[];
  /** That a runbook would not succeed now, or that nobody knows: true of a new flow until its first drill. */
  readonly notReady: Alarm[] = [];
  readonly #props: ReplicationFlowProps;

  constructor(scope: Construct, id: string, props: ReplicationFlowProps) {
    super(scope, id);
    this.#props = props;
    this.failed = [
      this.#alarm('RunFailed', 'runbook-failed', {
        metric: this.#metric(RunbookMetric.Failed, {}, Stats.MAXIMUM, SOON),
        evaluationPeriods: 1,
      }),
      this.#alarm('CannotRun', 'runbook-cannot-run', { metric: this.#failedCalls(), evaluationPeriods: 1 }),
    ];
  }

  /** The last dry run says that the runbook would not succeed now; it stands until another says otherwise. */
  wouldStop(kind: RunbookKind): void {
    const metric = this.#metric(RunbookMetric.DryRunFailed, { Runbook: kind }, Stats.MAXIMUM, SOON);
    this.notReady.push(this.#alarm(`${kind}WouldStop`, 'would-stop', { metric, evaluationPeriods: 1 }, kind));
  }

  /** No dry run has come to its end for two intervals and an hour: nobody knows whether it would succeed. */
  notTried(kind: RunbookKind, everyHours: number): void {
    const own = {
      metric: this.#metric(RunbookMetric.DryRunFailed, { Runbook: kind }, Stats.SAMPLE_COUNT, Duration.hours(1)),
      evaluationPeriods: 2 * everyHours + 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    };
    this.notReady.push(this.#alarm(`${kind}NotTried`, 'not-tried', own, kind));
  }

  /**
   * No drill has succeeded for so many days. Nor has one where nothing is told: the age is told with every dry run, so either
   * there never was a drill, or there was no dry run to tell of it. A plan that was never executed is no plan.
   */
  drillOverdue(days: number): void {
    const own = {
      metric: this.#metric(RunbookMetric.DrillAge, {}, Stats.MINIMUM, Duration.days(1)),
      evaluationPeriods: 1,
      threshold: Duration.days(days).toSeconds(),
    };
    this.notReady.push(this.#alarm('DrillOverdue', 'drill-overdue', own));
  }

  /**
   * No heartbeat of the source has arrived for so many minutes: the source, its region or the way from there is lost. None
   * at all are told as such: the function that waits for them is beside the target, and cannot tell of those that it misses.
   */
  sourceLost(minutes: number): Alarm {
    return this.#alarm('SourceLost', 'source-lost', {
      metric: this.#metric('HeartbeatLatency', { service: 'heartbeat' }, Stats.SAMPLE_COUNT, Duration.minutes(1)),
      evaluationPeriods: minutes,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    });
  }

  /** A fault that passes is thrown as well, and the call made again; one that was not made good by that has no 0 beside it. */
  #failedCalls(): Metric {
    const { namePrefix = DEFAULT_PREFIX, flow } = this.#props;
    const dimensionsMap = { FunctionName: physicalName(namePrefix, flow, 'runbook') };
    const metric = { namespace: 'AWS/Lambda', metricName: LAMBDA_ERRORS, dimensionsMap };
    return new Metric({ ...metric, statistic: Stats.MINIMUM, period: SOON });
  }

  #metric(metricName: string, more: Readonly<Record<string, string>>, statistic: string, period: Duration): Metric {
    const dimensionsMap = { Flow: flowName(this.#props.flow), service: 'runbook', ...more };
    return new Metric({ namespace: 'Causeway', metricName, dimensionsMap, statistic, period });
  }

  #alarm(id: string, name: RunbookAlarmName, own: OwnProps, kind?: RunbookKind): Alarm {
    const { namePrefix = DEFAULT_PREFIX, flow } = this.#props;
    const facts = RUNBOOK_ALARMS[name];
    return new Alarm(this, id, {
      alarmName: physicalName(namePrefix, flow, kind === undefined ? name : `${kind}-${name}`),
      alarmDescription: alarmDescription(name, facts),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: MISSING[facts.missing],
      ...own,
    });
  }
}
