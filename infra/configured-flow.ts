import type { Flow } from '../shared/config/flow-schema.ts';
import { noHeartbeats } from '../shared/config/no-heartbeats.ts';
import { flowOf } from '../shared/flow/flow.ts';
import { policyFor } from '../shared/policy/policy-settings.ts';
import { HEARTBEATS_TOPIC } from '../shared/policy/replication-policy.ts';
import { configuredCluster } from './configured-cluster.ts';
import type { ReplicationFlowProps } from './flow/props.ts';

/** A topic is to be replicated within a minute, however seldom `refresh.topics.interval.seconds` would look. */
const SLOWEST_LOOK_S = 10;
const QUICKEST_LOOK_S = 5;

/**
 * What `ReplicationFlow` needs to know of a flow of the configuration.
 * @param encoded what the functions read @param all pairs of the file
 */
export function flowProps(flow: Flow, encoded: string, all: readonly Flow[]): ReplicationFlowProps {
  const { source, target, delivery } = flow;
  const functionsRegion = source.region ?? '';
  const region = target.region ?? '';
  const policy = policyFor(flow.policy);
  return {
    flow: flowOf(flow),
    source: configuredCluster(source, functionsRegion, { region, clients: [source.admin] }),
    target: configuredCluster(target, functionsRegion, { region, clients: [target.admin, target.data] }),
    configuration: encoded,
    remoteTopics: remoteTopics(flow),
    polling: {
      batchSize: delivery.batchSize,
      batchingWindowSeconds: delivery.batchingWindowSeconds,
      ...(delivery.pollers === undefined
        ? { mode: 'on-demand' }
        : {
            minimumPollers: delivery.pollers.minimum,
            maximumPollers: delivery.pollers.maximum,
            ...(delivery.pollers.group !== undefined && { pollerGroup: delivery.pollers.group }),
          }),
      start: start(flow),
    },
    replicate: flow.function,
    syncAcls: flow.syncTopicAcls.enabled,
    deleteRemoteTopics: flow.deletedTopics.action === 'delete',
    checkpoints: flow.emitCheckpoints.enabled,
    commitOffsets: flow.syncGroupOffsets.enabled,
    checkpointMemoryMb: flow.checkpointMemoryMb,
    checkpointsTopic: policy.checkpointsTopic(source.alias),
    heartbeats: flow.emitHeartbeats.enabled,
    ...(noHeartbeats(flow, all) !== undefined && { heartbeatsArrive: false }),
    heartbeatsCopy: policy.remoteTopic(source.alias, HEARTBEATS_TOPIC),
    heartbeatsOnly: !flow.enabled,
    detailedMetrics: flow.metrics.detailed,
    alarms: flow.alarms,
    ...(flow.verify.enabled && { verify: { everyMinutes: flow.verify.intervalMinutes } }),
    dashboard: flow.dashboard.enabled,
    ...offsetSyncs(flow),
    runbooks: {
      enabled: flow.runbooks.enabled,
      approval: Object.fromEntries(flow.runbooks.approval.map((kind) => [kind, 'required'] as const)),
      fenceByAcls: flow.runbooks.fenceByAcls,
      ...(flow.runbooks.failoverAlarmMinutes !== undefined && {
        failoverAfterMinutes: flow.runbooks.failoverAlarmMinutes,
      }),
      planSteps: flow.runbooks.planSteps,
      drillEveryDays: flow.runbooks.drillEveryDays,
      ...(flow.lambdaConsumers.length > 0 && {
        lambdaConsumers: {
          source: flow.lambdaConsumers.map(({ source: name }) => name),
          target: flow.lambdaConsumers.map(({ target: name }) => name),
        },
      }),
    },
    refreshTopics: flow.refreshTopics.enabled,
    lookEverySeconds: Math.max(QUICKEST_LOOK_S, Math.min(SLOWEST_LOOK_S, flow.refreshTopics.intervalSeconds)),
  };
}

/** The topic is named after the other cluster. */
function offsetSyncs({ offsetSyncs: { enabled, location }, policy, source, target }: Flow) {
  if (!enabled) return {};
  const topic = policyFor(policy).offsetSyncsTopic(location === 'source' ? target.alias : source.alias);
  return { offsetSyncs: { cluster: location, topic } };
}

/** The policy's name for any topic, with `*` where the topic stands. */
export function remoteTopics({ policy, source }: Flow): string {
  const anyTopic = '0any0';
  return policyFor(policy).remoteTopic(source.alias, anyTopic).replaceAll(anyTopic, '*');
}

function start({ startPosition }: Flow): NonNullable<NonNullable<ReplicationFlowProps['polling']>['start']> {
  if (startPosition.at === 'time') return { atMs: startPosition.timestampMs };
  return startPosition.at === 'latest' ? 'LATEST' : 'TRIM_HORIZON';
}
