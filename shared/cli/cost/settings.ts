import type { Configuration } from '../../config/configuration.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { noHeartbeats } from '../../config/no-heartbeats.ts';
import { oppositeOf } from '../../config/opposite-flow.ts';
import { defaultSettings, type FlowSettings } from '../../cost/workload.ts';
import { flowName, flowOf } from '../../flow/flow.ts';

/** What of a flow has a price, as its configuration says it. @param topics that it copies */
export function settingsOf(flow: Flow, { flows }: Pick<Configuration, 'flows'>, topics: number): FlowSettings {
  const { source, target, delivery, emitCheckpoints, syncGroupOffsets, metrics, alarms, runbooks } = flow;
  const back = oppositeOf(flow, flows);
  return {
    flow: flowName(flowOf(flow)),
    sourceRegion: source.region ?? defaultSettings.sourceRegion,
    targetRegion: target.region ?? defaultSettings.targetRegion,
    batchSize: delivery.batchSize,
    batchingWindowSeconds: delivery.batchingWindowSeconds,
    minimumPollers: delivery.pollers?.minimum,
    pollerGroup: delivery.pollers?.group !== undefined,
    replicateMemoryMb: flow.function.memoryMb,
    checkpointMemoryMb: flow.checkpointMemoryMb,
    checkpointSeconds: emitCheckpoints.enabled
      ? Math.min(
          emitCheckpoints.intervalSeconds,
          syncGroupOffsets.enabled ? syncGroupOffsets.intervalSeconds : Number.POSITIVE_INFINITY,
        )
      : undefined,
    heartbeats: flow.emitHeartbeats.enabled,
    heartbeatsArrive: noHeartbeats(flow, flows) === undefined,
    heartbeatsBack: back !== undefined && !back.enabled && back.emitHeartbeats.enabled,
    refreshTopics: flow.refreshTopics.enabled,
    topicsMeasured: measured(metrics.topics.patterns, topics),
    detailedMetrics: metrics.detailed,
    alarms: alarms.enabled,
    learnsRate: alarms.settings.recordsPerMinute === undefined,
    dashboard: flow.dashboard.enabled,
    verifyMinutes: flow.verify.enabled ? flow.verify.intervalMinutes : undefined,
    runbooks: runbooks.enabled,
    failoverAlarm: runbooks.failoverAlarmMinutes !== undefined,
    failback: back?.enabled ?? false,
  };
}

/** Names of topics are not asked for: but for `.*`, each entry of the list is taken for one. */
function measured(patterns: readonly string[], topics: number): number {
  return patterns.includes('.*') ? topics : Math.min(topics, patterns.length);
}

/** The same flow the other way round, for one that has none. */
export function reversed(settings: FlowSettings): FlowSettings {
  const { sourceRegion, targetRegion, flow } = settings;
  const [source = '', target = ''] = flow.split('->');
  return {
    ...settings,
    ...{ flow: `${target}->${source}`, sourceRegion: targetRegion, targetRegion: sourceRegion },
    ...{ heartbeatsBack: false, failback: true },
  };
}
