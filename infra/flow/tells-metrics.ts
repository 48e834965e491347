import type { AlarmMetric } from '../../shared/metrics/alarms.ts';
import type { MetricName } from '../../shared/metrics/catalogue.ts';
import type { ReplicationFlowProps } from './props.ts';

/** Told of heartbeats of the source, as they arrive. */
const OF_ARRIVALS: MetricName = 'HeartbeatLatency';

/**
 * Whether one of the flow's functions is there and has something to tell: what another would tell is missing on purpose.
 * @param service the function by the name that it has in its metrics
 */
export function tellsMetric(metric: AlarmMetric, service: string, props: ReplicationFlowProps): boolean {
  const {
    checkpoints = true,
    heartbeats = true,
    heartbeatsArrive = true,
    refreshTopics = true,
    runbooks,
    verify,
  } = props;
  if (metric === OF_ARRIVALS && !heartbeatsArrive) return false;
  const deployed: Readonly<Record<string, boolean>> = {
    checkpoint: checkpoints,
    heartbeat: heartbeats,
    reconcile: refreshTopics,
    runbook: runbooks?.enabled ?? true,
    verify: verify !== undefined,
  };
  return deployed[service] ?? true;
}
