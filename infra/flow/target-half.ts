import { Annotations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { type FlowId, flowName } from '../../shared/flow/flow.ts';
import { FlowAlarms } from './alarms/flow-alarms.ts';
import type { CausewayFunction } from './causeway-function.ts';
import { makeCheckpoint } from './checkpoint.ts';
import { describeWarning, targetWarnings } from './flow-warnings.ts';
import { makeHeartbeat } from './heartbeat.ts';
import { makeMonitor } from './monitor.ts';
import { FlowNetwork } from './network.ts';
import { makeOffsetMap } from './offset-map.ts';
import type { ReplicationFlowProps } from './props.ts';
import { makeRegistry } from './registry.ts';
import { Runbooks } from './runbooks/runbooks.ts';
import { makeTranslate } from './translate.ts';
import { makeVerify } from './verify.ts';

/** What of a flow lives beside its target cluster, and is needed when the source region is lost. */
export class TargetHalf extends Construct {
  readonly flow: FlowId;
  /** HEADs, runs, gap ledger and topic items; undefined for a pair that copies nothing. */
  readonly offsetMap: Table | undefined;
  /** Where the flow's applications run; undefined for a pair that copies nothing. */
  readonly registry: Table | undefined;
  /** Undefined for a pair that copies nothing, and where the flow is to have none. */
  readonly runbooks: Runbooks | undefined;
  /** Undefined where group offsets are not translated. */
  readonly checkpoint: CausewayFunction | undefined;
  /** Undefined where no heartbeats are written. */
  readonly heartbeat: CausewayFunction | undefined;
  /** Undefined for a pair that copies nothing. */
  readonly translate: CausewayFunction | undefined;
  /** Undefined for a pair that copies nothing. */
  readonly monitor: CausewayFunction | undefined;
  /** Undefined where the flow's logs are not to be compared all the time. */
  readonly verify: CausewayFunction | undefined;
  /** Where `translate` answers over HTTPS, to requests signed with rights to it. */
  readonly translateUrl: string | undefined;
  /** Undefined outside a VPC, and without functions. */
  readonly network: FlowNetwork | undefined;

  constructor(scope: Construct, id: string, props: ReplicationFlowProps) {
    super(scope, id);
    this.flow = props.flow;
    const { checkpoints = true, heartbeats = true, heartbeatsOnly = false } = props;
    for (const warning of targetWarnings(props))
      Annotations.of(this).addWarningV2(warning.id, `${flowName(props.flow)}: ${describeWarning(warning)}`);
    if (!heartbeatsOnly) {
      this.offsetMap = makeOffsetMap(this, props);
      this.registry = makeRegistry(this, props);
    }
    if (!heartbeatsOnly || heartbeats) this.network = this.#makeNetwork(props);
    if (checkpoints && !heartbeatsOnly) this.checkpoint = makeCheckpoint(this, props, this.network);
    if (heartbeats) this.heartbeat = makeHeartbeat(this, props, this.network);
    if (!heartbeatsOnly) {
      const { translate, url } = makeTranslate(this, props, this.network);
      this.translate = translate;
      this.translateUrl = url;
      this.monitor = makeMonitor(this, props, this.network);
      if (props.verify !== undefined) this.verify = makeVerify(this, props, this.network);
    }
    if (this.registry !== undefined && (props.runbooks?.enabled ?? true))
      this.runbooks = new Runbooks(this, 'Runbooks', props, { registry: this.registry, network: this.network });
    if (!heartbeatsOnly && (props.alarms?.enabled ?? true))
      new FlowAlarms(this, 'Alarms', props, 'target', this.runbooks?.alarms);
  }

  #makeNetwork({ flow, source, target, heartbeatsOnly }: ReplicationFlowProps): FlowNetwork | undefined {
    if (target.vpc === undefined) return undefined;
    const description = `Causeway ${flow.source} to ${flow.target}, beside the target`;
    const remote = heartbeatsOnly ? undefined : source;
    return new FlowNetwork(this, 'Network', { vpc: target.vpc, local: target, remote, description, pollers: false });
  }
}
