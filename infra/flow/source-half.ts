import { Annotations, CustomResource, Duration, FileSystem, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { flowName } from '../../shared/flow/flow.ts';
import { RunbookKind } from '../../shared/runbook/runbook.ts';
import { FlowAlarms } from './alarms/flow-alarms.ts';
import type { CausewayFunction } from './causeway-function.ts';
import { codeFolder, flowFunction, type OwnProps } from './flow-function.ts';
import { describeWarning, sourceWarnings } from './flow-warnings.ts';
import * as kafka from './kafka-permissions.ts';
import { FlowNetwork } from './network.ts';
import { offsetMapArn } from './offset-map.ts';
import * as aws from './permissions.ts';
import { mappingTemplate } from './polling.ts';
import type { ReplicationFlowProps } from './props.ts';
import { makePlanStep } from './runbooks/plan-step.ts';
import { runbookKinds } from './runbooks/runbooks.ts';

/** Between the end of `replicate`'s time-out and the next generation of a topic: clocks, and an answer on its way. */
const DRAIN_MARGIN_S = 5;
/** `reconcile` waits for mappings to be gone when the stack is destroyed; Lambda takes a minute or two for each. */
const RECONCILE_TIMEOUT_S = 600;
const DEFAULT_REPLICATE_TIMEOUT_S = 60;

/** What of a flow lives beside its source cluster: Lambda polls an MSK cluster in its own region only. */
export class SourceHalf extends Construct {
  readonly replicate: CausewayFunction;
  readonly reconcile: CausewayFunction;
  /** Undefined outside a VPC. */
  readonly network: FlowNetwork | undefined;
  /** One line on when the first look after a deployment began, or why it could not. */
  readonly firstLook: string;

  constructor(scope: Construct, id: string, props: ReplicationFlowProps) {
    super(scope, id);
    for (const warning of sourceWarnings(props))
      Annotations.of(this).addWarningV2(warning.id, `${flowName(props.flow)}: ${describeWarning(warning)}`);
    this.network = this.#makeNetwork(props);
    this.replicate = this.#makeReplicate(props);
    this.reconcile = this.#makeReconcile(props);
    const mappings = this.#lookAtDeployment(props);
    this.firstLook = mappings.getAttString('Summary');
    if (props.refreshTopics ?? true) this.#lookEachMinute(props, mappings);
    if (props.alarms?.enabled ?? true) new FlowAlarms(this, 'Alarms', props, 'source');
    const { enabled = true, planSteps = false } = props.runbooks ?? {};
    if (enabled && planSteps && runbookKinds(props).includes(RunbookKind.Failback))
      makePlanStep(this, props, RunbookKind.Failback);
  }

  #makeNetwork({ flow, source, target }: ReplicationFlowProps): FlowNetwork | undefined {
    if (source.vpc === undefined) return undefined;
    const description = `Causeway ${flow.source} to ${flow.target}`;
    return new FlowNetwork(this, 'Network', {
      vpc: source.vpc,
      local: source,
      remote: target,
      description,
      pollers: true,
    });
  }

  #makeReplicate(props: ReplicationFlowProps): CausewayFunction {
    const { source, target, replicate = {} } = props;
    return this.#makeFunction(props, 'replicate', {
      description: `Causeway ${flowName(props.flow)}: appends what Lambda polls to the target`,
      memoryMb: replicate.memoryMb ?? 1_024,
      timeoutSeconds: replicate.timeoutSeconds ?? DEFAULT_REPLICATE_TIMEOUT_S,
      environment: {},
      polled: source.clusterArn !== undefined || source.vpc !== undefined,
      grants: [
        ...kafka.readSource(source),
        ...kafka.appendToTarget(target, props.remoteTopics ?? '*'),
        ...kafka.writeOffsetSyncs(props),
        ...aws.logIn('data', source, target),
        ...aws.poll(source),
        ...aws.useOffsetMap(offsetMapArn(this, props), props.offsetMapKeyArn),
      ],
    });
  }

  #makeReconcile(props: ReplicationFlowProps): CausewayFunction {
    const { flow, source, target, replicate = {}, syncAcls = false, deleteRemoteTopics = false } = props;
    const stack = Stack.of(this);
    const drainSeconds = (replicate.timeoutSeconds ?? DEFAULT_REPLICATE_TIMEOUT_S) + DRAIN_MARGIN_S;
    const mappingArns = stack.formatArn({ service: 'lambda', resource: 'event-source-mapping:*' });
    const reconcile = this.#makeFunction(props, 'reconcile', {
      description: `Causeway ${flowName(flow)}: remote topics and event source mappings`,
      memoryMb: 512,
      timeoutSeconds: RECONCILE_TIMEOUT_S,
      environment: {
        REPLICATE_FUNCTION: this.replicate.function.functionArn,
        MAPPING: stack.toJsonString(mappingTemplate(props, this.network)),
        DRAIN_MS: String(drainSeconds * 1_000),
        LOOK_EVERY_MS: String((props.lookEverySeconds ?? 10) * 1_000),
      },
      polled: false,
      callsItself: true,
      grants: [
        ...kafka.listSourceTopics(source),
        ...kafka.manageRemoteTopics(target, props.remoteTopics ?? '*', { syncAcls, deleteRemoteTopics }),
        // It takes idle partitions over, so that their producers do not expire.
        ...kafka.appendToTarget(target, props.remoteTopics ?? '*'),
        ...aws.logIn('admin', source, target),
        ...aws.useOffsetMap(offsetMapArn(this, props), props.offsetMapKeyArn),
        ...aws.manageMappings(this.replicate.function.functionArn, mappingArns),
      ],
    });
    // The next minute's run does it again; a retry of this one would only stand beside it.
    reconcile.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    return reconcile;
  }

  /** CloudFormation calls `reconcile` itself: first looks when something changed, and removal of what it made. */
  #lookAtDeployment(props: ReplicationFlowProps): CustomResource {
    const mappings = new CustomResource(this, 'Mappings', {
      resourceType: 'Custom::CausewayMappings',
      serviceToken: this.reconcile.function.functionArn,
      serviceTimeout: Duration.seconds(RECONCILE_TIMEOUT_S + 60),
      properties: {
        configuration: props.configuration,
        mapping: Stack.of(this).toJsonString(mappingTemplate(props, this.network)),
        code: FileSystem.fingerprint(codeFolder(props, 'reconcile')),
      },
    });
    // Made after, and removed before, everything that running and ending mappings need.
    mappings.node.addDependency(this.replicate, this.reconcile);
    if (this.network !== undefined) mappings.node.addDependency(this.network, ...this.network.doors);
    return mappings;
  }

  #lookEachMinute({ flow }: ReplicationFlowProps, after: CustomResource): void {
    const everyMinute = new Rule(this, 'EveryMinute', {
      description: `Causeway ${flowName(flow)}: looks for new topics`,
      schedule: Schedule.rate(Duration.minutes(1)),
    });
    everyMinute.addTarget(
      new LambdaTarget(this.reconcile.function, { event: RuleTargetInput.fromObject({ action: 'reconcile' }) }),
    );
    everyMinute.node.addDependency(after);
  }

  #makeFunction(props: ReplicationFlowProps, name: 'replicate' | 'reconcile', own: OwnProps): CausewayFunction {
    const environment = { TWO_WAY: String(props.twoWay ?? false), ...own.environment };
    return flowFunction(this, props, name, this.network, { ...own, environment });
  }
}
