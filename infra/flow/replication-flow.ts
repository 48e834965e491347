import { CfnOutput, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { flowName } from '../../shared/flow/flow.ts';
import { checkProps } from './check-props.ts';
import { FlowDashboard } from './dashboard/flow-dashboard.ts';
import type { ReplicationFlowProps } from './props.ts';
import { warnOfSilentSource } from './silent-source.ts';
import { SourceHalf } from './source-half.ts';
import { TargetHalf } from './target-half.ts';

/**
 * One flow of topics from a source to a target cluster, as far as it belongs in the stack's region: the source half
 * beside the source cluster, the target half beside the target cluster, both where the two are one region. Make it in
 * a stack of each region with the same properties; the halves find each other by names.
 *
 * @example
 * new ReplicationFlow(this, 'EastToWest', await readFlow('mm2.properties', 'us-east->us-west'));
 */
export class ReplicationFlow extends Construct {
  /** Undefined in a stack of another region. */
  readonly sourceHalf: SourceHalf | undefined;
  /** Undefined in a stack of another region. */
  readonly targetHalf: TargetHalf | undefined;
  /** Undefined for a pair that copies nothing, and where the flow is to have none. */
  readonly dashboard: FlowDashboard | undefined;

  /** @throws InvalidFlowPropsError which lists every fault of `props`, before anything is built */
  constructor(scope: Construct, id: string, props: ReplicationFlowProps) {
    super(scope, id);
    const { region } = Stack.of(this);
    checkProps(props, Token.isUnresolved(region) ? undefined : region);

    if (props.target.region === region) {
      this.targetHalf = new TargetHalf(this, 'Target', props);
      warnOfSilentSource(this.targetHalf, props);
    }
    if (props.source.region === region && !props.heartbeatsOnly)
      this.sourceHalf = new SourceHalf(this, 'Source', props);

    if (this.sourceHalf && this.targetHalf) this.sourceHalf.node.addDependency(this.targetHalf);
    const { dashboard = true, heartbeatsOnly = false } = props;
    if (dashboard && !heartbeatsOnly)
      this.dashboard = new FlowDashboard(this, 'Dashboard', props, this.targetHalf ? 'target' : 'source');
    this.#output(props);
  }

  #output({ flow }: ReplicationFlowProps): void {
    const output = (id: string, value: string | undefined, description: string) => {
      if (value !== undefined) new CfnOutput(this, id, { value, description: `${flowName(flow)}: ${description}` });
    };
    output('OffsetMapTable', this.targetHalf?.offsetMap?.tableName, 'offset map');
    output('CheckpointFunction', this.targetHalf?.checkpoint?.function.functionName, 'carries consumer groups over');
    output('HeartbeatFunction', this.targetHalf?.heartbeat?.function.functionName, 'heartbeats');
    output('TranslateFunction', this.targetHalf?.translate?.function.functionName, 'translates groups and offsets');
    output('TranslateUrl', this.targetHalf?.translateUrl, 'the same over HTTPS, signed');
    output('RegistryTable', this.targetHalf?.registry?.tableName, 'where applications run');
    output('ReportBucket', this.targetHalf?.runbooks?.reports.bucketName, 'reports of runbooks');
    for (const { kind, arn } of this.targetHalf?.runbooks?.machines ?? [])
      output(`${kind[0]?.toUpperCase()}${kind.slice(1)}Machine`, arn, kind);
    output('DashboardName', this.dashboard?.dashboard.dashboardName, 'its dashboard in CloudWatch');
    output('ReplicateFunction', this.sourceHalf?.replicate.function.functionName, 'appends to the target');
    output('ReconcileFunction', this.sourceHalf?.reconcile.function.functionName, 'topics and mappings');
    output('FirstLook', this.sourceHalf?.firstLook, 'what reconcile did at the last deployment');
  }
}
