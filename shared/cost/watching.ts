import { defaultAlarmSettings, flowAlarms } from '../metrics/alarms.ts';
import { METRICS, type MetricFacts, type MetricName } from '../metrics/catalogue.ts';
import type { FlowSettings } from './workload.ts';

/** An alarm on what CloudWatch learns is billed as three. */
const LEARNED = 3;
const HOURS_PER_DAY = 24;
/** Told of heartbeats of the source, as they arrive. */
const OF_ARRIVALS: MetricName = 'HeartbeatLatency';

/** Custom metrics as they are billed: by the hours in which they have a value. */
export function countedMetrics(settings: FlowSettings): { readonly count: number; readonly because: string } {
  const told = Object.entries<MetricFacts>(METRICS).flatMap(([name, facts]) =>
    isTold(name, facts.by, settings) ? [facts] : [],
  );
  const ofLevel = (level: MetricFacts['level']) => told.filter((metric) => metric.level === level);
  const always = ofLevel('always').length;
  const perTopic = ofLevel('always').filter(({ of }) => of === 'flow and topic').length;
  const details = settings.detailedMetrics ? ofLevel('detail').length : 0;
  const dryRuns = settings.runbooks ? metricsOfDryRuns(settings) : 0;
  const verified = told.filter(({ by, level }) => by === 'verify' && level === 'rare').length;
  const { topicsMeasured } = settings;
  return {
    count: always + perTopic * topicsMeasured + details + dryRuns + verified,
    because: [
      `${always} of the flow`,
      ...(topicsMeasured > 0 ? [`${perTopic} of each of ${topicsMeasured} topics`] : []),
      ...(details > 0 ? [`${details} details`] : []),
      ...(dryRuns > 0 ? ['those of dry runs'] : []),
      ...(verified > 0 ? [`${verified} of verify`] : []),
    ].join(', '),
  };
}

/** A failover's result and the age of the last drill each hour, the results of the others once a day. */
function metricsOfDryRuns({ failback }: FlowSettings): number {
  return 2 + (failback ? 3 : 2) / HOURS_PER_DAY;
}

/** @returns `metrics`: what is billed for so many `alarms` */
export function countedAlarms(settings: FlowSettings) {
  const { alarms, learnsRate, runbooks, dashboard, sourceRegion, targetRegion } = settings;
  const all = Object.values(flowAlarms(defaultAlarmSettings));
  const own = all.filter(({ metric, service }) => isTold(metric, service, settings));
  const ofFlow = alarms ? own.length : 0;
  const ofRunbooks = runbooks ? alarmsOfRunbooks(settings) : 0;
  return {
    alarms: ofFlow + ofRunbooks,
    metrics: ofFlow + ofRunbooks + (alarms && learnsRate ? LEARNED - 1 : 0),
    composites: alarms ? 2 + (runbooks ? 1 : 0) : 0,
    dashboards: dashboard ? new Set([sourceRegion, targetRegion]).size : 0,
  };
}

/** Whether a run failed or none could, whether a drill is overdue; of each runbook whether it would stop, whether it was tried. */
function alarmsOfRunbooks({ failback, failoverAlarm }: FlowSettings): number {
  return 3 + 2 * (failback ? 4 : 3) + (failoverAlarm ? 1 : 0);
}

/** As infra/flow has it (tells-metrics.ts). @param service a function by the name that it has in its metrics */
function isTold(
  metric: string,
  service: string,
  { checkpointSeconds, heartbeats, heartbeatsArrive, refreshTopics, verifyMinutes }: FlowSettings,
): boolean {
  if (metric === OF_ARRIVALS && !heartbeatsArrive) return false;
  const deployed: Readonly<Record<string, boolean>> = {
    checkpoint: checkpointSeconds !== undefined,
    heartbeat: heartbeats,
    reconcile: refreshTopics,
    verify: verifyMinutes !== undefined,
  };
  return deployed[service] ?? true;
}
