import type { CausewayError } from '../flow/errors.ts';
import type { TopicItem } from '../ledger/topic-registry.ts';
import { RemoteNameCollidesError, RemoteNameInvalidError, RemoteNameTakenError } from './errors.ts';
import type { Wanted } from './wanted.ts';

/** Longest topic name that a broker takes, and its characters (Kafka, `Topic.validate`). */
const MAX_TOPIC_LENGTH = 249;
const TOPIC = /^[a-zA-Z0-9._-]+$/;
/** Names of that form that it does not take all the same. */
const NO_NAMES = new Set(['.', '..']);

/**
 * Source topics that cannot have the remote name that the replication policy gives them. Where two topics lead to one
 * name, the one that is registered under it keeps it; if none is, neither is copied.
 */
export function findNameFaults(
  covered: Iterable<string>,
  items: readonly TopicItem[],
  targetNames: readonly string[],
  wanted: Wanted,
): ReadonlyMap<string, CausewayError> {
  const { flow } = wanted;
  const owners = new Map(items.map((item) => [item.remoteTopic, item.topic]));
  const claims = Map.groupBy(covered, (topic) => wanted.topics.remoteTopic(topic));
  const present = new Set(targetNames);
  const byMetric = new Map(targetNames.map((name) => [metricName(name), name]));
  const faults = new Map<string, CausewayError>();
  for (const [remoteTopic, topics] of claims) {
    if (!isTopicName(remoteTopic)) {
      for (const topic of topics) faults.set(topic, new RemoteNameInvalidError(flow, topic, remoteTopic));
      continue;
    }
    const collides = present.has(remoteTopic) ? undefined : byMetric.get(metricName(remoteTopic));
    if (collides !== undefined) {
      for (const topic of topics) faults.set(topic, new RemoteNameCollidesError(flow, topic, remoteTopic, collides));
      continue;
    }
    const owner = owners.get(remoteTopic);
    const others = topics.filter((topic) => topic !== owner);
    if (topics.length < 2 && (owner === undefined || others.length === 0)) continue;
    for (const topic of others)
      faults.set(topic, new RemoteNameTakenError(flow, topic, remoteTopic, owner ?? rival(topics, topic)));
  }
  return faults;
}

/** Whether a broker takes a topic of that name. */
export function isTopicName(topic: string): boolean {
  return topic.length <= MAX_TOPIC_LENGTH && TOPIC.test(topic) && !NO_NAMES.has(topic);
}

/** What a topic is called in a broker's metrics (Kafka, `Topic.unifyCollisionChars`). */
function metricName(topic: string): string {
  return topic.replaceAll('.', '_');
}

function rival(topics: readonly string[], topic: string): string {
  return topics.find((other) => other !== topic) ?? topic;
}
