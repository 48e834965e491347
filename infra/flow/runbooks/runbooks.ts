import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { flowName } from '../../../shared/flow/flow.ts';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import type { CausewayFunction } from '../causeway-function.ts';
import { DEFAULT_PREFIX, physicalName } from '../names.ts';
import type { FlowNetwork } from '../network.ts';
import type { ReplicationFlowProps } from '../props.ts';
import { RunbookAlarms } from './alarms.ts';
import { runDry } from './dry-runs.ts';
import { makeRunbookFunction } from './function.ts';
import { makePlanStep } from './plan-step.ts';
import { dryRunHours } from './props.ts';
import { makeReportBucket } from './report-bucket.ts';
import { RunbookMachine } from './runbook-machine.ts';
import { startOnAlarm } from './start-on-alarm.ts';
import { tellOfLost } from './tell-of-lost.ts';

/** A quarter. */
const DRILL_EVERY_DAYS = 90;

const FORWARD = [RunbookKind.Switchover, RunbookKind.Failover] as const;

/** What moves a flow's applications to its target and back: the state machines, their function, reports and alarms. */
export class Runbooks extends Construct {
  readonly reports: Bucket;
  readonly function: CausewayFunction;
  /** No failback without a reverse flow: nothing would be copied back, nor could it be. */
  readonly machines: readonly RunbookMachine[];
  /** Of runs, and of whether they would succeed. */
  readonly alarms: RunbookAlarms;

  constructor(
    scope: Construct,
    id: string,
    props: ReplicationFlowProps,
    { registry, network }: { readonly registry: Table; readonly network: FlowNetwork | undefined },
  ) {
    super(scope, id);
    const { namePrefix = DEFAULT_PREFIX, flow, runbooks = {}, logRetentionDays } = props;
    const kinds = runbookKinds(props);
    const nameOf = (kind: RunbookKind) => physicalName(namePrefix, flow, kind);
    this.reports = makeReportBucket(this, props);
    this.function = makeRunbookFunction(this, props, network, {
      registry: { name: registry.tableName, arn: registry.tableArn },
      reports: this.reports,
      machines: kinds.map(nameOf),
    });
    this.machines = kinds.map(
      (kind) =>
        new RunbookMachine(this, kind, {
          kind,
          name: nameOf(kind),
          description: `Causeway ${flowName(flow)}: ${kind}`,
          approval: runbooks.approval?.[kind] ?? 'waived',
          function: this.function.function,
          logRetention: logRetentionDays ?? RetentionDays.ONE_MONTH,
        }),
    );
    tellOfLost(
      this,
      this.machines,
      this.function.function,
      `Causeway ${flowName(flow)}: a runbook that was stopped or timed out`,
    );
    this.alarms = new RunbookAlarms(this, 'Alarms', props);
    this.#tryThem(props, this.alarms);
    // The step that leads back stands beside the source: a plan runs what is in the region that it activates.
    if (runbooks.planSteps) for (const kind of FORWARD) makePlanStep(this, props, kind);
  }

  #tryThem(props: ReplicationFlowProps, alarms: RunbookAlarms): void {
    const { flow, runbooks = {} } = props;
    this.#failOverByItself(props, alarms);
    if (runbooks.dryRuns?.enabled === false) return;
    alarms.drillOverdue(runbooks.drillEveryDays ?? DRILL_EVERY_DAYS);
    for (const machine of this.machines) {
      const { kind } = machine;
      const hours = dryRunHours(runbooks, kind);
      runDry(machine, hours, `Causeway ${flowName(flow)}: whether a ${kind} would succeed now`);
      alarms.wouldStop(kind);
      alarms.notTried(kind, hours);
    }
  }

  /** Only where it is asked for. */
  #failOverByItself({ flow, runbooks = {} }: ReplicationFlowProps, alarms: RunbookAlarms): void {
    const failover = this.machines.find(({ kind }) => kind === RunbookKind.Failover);
    if (runbooks.failoverAfterMinutes === undefined || failover === undefined) return;
    const alarm = alarms.sourceLost(runbooks.failoverAfterMinutes);
    startOnAlarm(failover, alarm, `Causeway ${flowName(flow)}: a failover when the source is lost`);
  }
}

/** The runbooks that a flow can have. */
export function runbookKinds({ reverse }: Pick<ReplicationFlowProps, 'reverse'>): readonly RunbookKind[] {
  return Object.values(RunbookKind).filter((kind) => kind !== RunbookKind.Failback || reverse !== undefined);
}
