import type { ReplicationFlowProps } from './props.ts';

/**
 * Whether one of the flow's functions is there and at work: what another would tell is missing on purpose.
 * @param service the function by the name that it has in its metrics
 */
export function tellsMetrics(service: string, props: ReplicationFlowProps): boolean {
  const { checkpoints = true, heartbeats = true, refreshTopics = true, runbooks } = props;
  const deployed: Readonly<Record<string, boolean>> = {
    checkpoint: checkpoints,
    heartbeat: heartbeats,
    reconcile: refreshTopics,
    runbook: runbooks?.enabled ?? true,
  };
  return deployed[service] ?? true;
}
