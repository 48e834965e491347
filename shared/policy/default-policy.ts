import { type Naming, type ReplicationPolicy, replicationPolicy } from './replication-policy.ts';

/** `DefaultReplicationPolicy`: `us-east` and `orders` make `us-east.orders`. */
export function defaultPolicy(separator: string, internalSeparator: string): ReplicationPolicy {
  return replicationPolicy(prefixNaming(separator, internalSeparator));
}

export function prefixNaming(separator: string, internalSeparator: string): Naming {
  const topicSource = (topic: string) => {
    const at = topic.indexOf(separator);
    return at >= 0 && hasTextAfter(topic, at) ? topic.slice(0, at) : undefined;
  };
  /** Java splits the name and leaves out empty pieces at its end: `orders.` has one piece only. */
  const hasTextAfter = (topic: string, at: number) => topic.slice(at).replaceAll(separator, '') !== '';
  return {
    internalSeparator,
    remoteTopic: (source, topic) => `${source}${separator}${topic}`,
    topicSource,
    upstreamTopic: (topic) => {
      const source = topicSource(topic);
      return source === undefined ? undefined : topic.slice(source.length + separator.length);
    },
  };
}
