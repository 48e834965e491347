import { prefixNaming } from './default-policy.ts';
import { HEARTBEATS_TOPIC, type ReplicationPolicy, replicationPolicy } from './replication-policy.ts';

/**
 * `IdentityReplicationPolicy`: names stay as they are, save those that end in `heartbeats`, which get the prefix. So
 * names do not show a loop; the provenance header of the records does.
 * @param source alias of the flow's source, which is where every other topic is taken to come from
 */
export function identityPolicy(
  source: string | undefined,
  separator: string,
  internalSeparator: string,
): ReplicationPolicy {
  const prefixed = prefixNaming(separator, internalSeparator);
  const isPrefixed = (topic: string) => topic.endsWith(HEARTBEATS_TOPIC);
  return replicationPolicy({
    internalSeparator,
    remoteTopic: (from, topic) => (isPrefixed(topic) ? prefixed.remoteTopic(from, topic) : topic),
    topicSource: (topic) => (isPrefixed(topic) ? prefixed.topicSource(topic) : source),
    upstreamTopic: (topic) => (isPrefixed(topic) ? prefixed.upstreamTopic(topic) : topic),
  });
}
