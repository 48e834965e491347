import type { TopicItem } from '../ledger/topic-registry.ts';
import { RemoteNameInvalidError, RemoteNameTakenError } from './errors.ts';
import type { Wanted } from './wanted.ts';

/** Longest topic name that a broker takes, and its characters (Kafka, `Topic.validate`). */
const MAX_TOPIC_LENGTH = 249;
const TOPIC = /^[a-zA-Z0-9._-]+$/;

/**
 * Source topics that cannot have the remote name that the replication policy gives them. Where two topics lead to one
 * name, the one that is registered under it keeps it; if none is, neither is copied.
 */
export function findNameFaults(
  covered: Iterable<string>,
  items: readonly TopicItem[],
  wanted: Wanted,
): ReadonlyMap<string, RemoteNameInvalidError | RemoteNameTakenError> {
  const owners = new Map(items.map((item) => [item.remoteTopic, item.topic]));
  const claims = Map.groupBy(covered, (topic) => wanted.topics.remoteTopic(topic));
  const faults = new Map<string, RemoteNameInvalidError | RemoteNameTakenError>();
  for (const [remoteTopic, topics] of claims) {
    if (remoteTopic.length > MAX_TOPIC_LENGTH || !TOPIC.test(remoteTopic)) {
      for (const topic of topics) faults.set(topic, new RemoteNameInvalidError(wanted.flow, topic, remoteTopic));
      continue;
    }
    const owner = owners.get(remoteTopic);
    const others = topics.filter((topic) => topic !== owner);
    if (topics.length < 2 && (owner === undefined || others.length === 0)) continue;
    for (const topic of others)
      faults.set(topic, new RemoteNameTakenError(wanted.flow, topic, remoteTopic, owner ?? rival(topics, topic)));
  }
  return faults;
}

function rival(topics: readonly string[], topic: string): string {
  return topics.find((other) => other !== topic) ?? topic;
}
