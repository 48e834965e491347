import type { ReplicationPolicy } from '../policy/replication-policy.ts';

/**
 * The clusters that the heartbeats in `topic` have passed through, nearest first. Ends before the first one that is
 * met again, as Java's client does: not every policy can prevent cycles.
 */
export function heartbeatPath(policy: ReplicationPolicy, topic: string): readonly string[] {
  const path: string[] = [];
  for (let name: string | undefined = topic; name !== undefined; name = policy.upstreamTopic(name)) {
    const source = policy.topicSource(name);
    if (source === undefined || path.includes(source)) break;
    path.push(source);
  }
  return path;
}
