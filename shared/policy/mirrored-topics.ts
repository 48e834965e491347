import type { ReplicationPolicy } from './replication-policy.ts';

/**
 * Which of a cluster's topics are copies from elsewhere. A name tells it only together with another: `shop.orders` is one
 * where the heartbeats of a cluster `shop` are there too, and an application's own topic everywhere else.
 * @param topics the cluster's, heartbeats among them
 */
export function mirroredTopics(policy: ReplicationPolicy, topics: readonly string[]): ReadonlySet<string> {
  const sources = topics.filter((topic) => policy.isHeartbeats(topic)).map((topic) => policy.topicSource(topic));
  const mirrored = new Set(sources.filter((alias) => alias !== undefined));
  return new Set(topics.filter((topic) => mirrored.has(policy.topicSource(topic) ?? '')));
}
