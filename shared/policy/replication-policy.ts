/**
 * How topics are named on the target and where a name says that a topic came from: the calls of MirrorMaker 2's
 * `ReplicationPolicy` (Kafka 4.1).
 */
export interface ReplicationPolicy {
  /** Name on the target of `topic` copied from the cluster `source`. */
  remoteTopic(source: string, topic: string): string;
  /** Alias of the cluster that `topic` was copied from; undefined for a topic that is not a copy. */
  topicSource(topic: string): string | undefined;
  /** Name of `topic` on the cluster that it was copied from; undefined for a topic that is not a copy. */
  upstreamTopic(topic: string): string | undefined;
  /** Name on the cluster where its records were first written. */
  originalTopic(topic: string): string;
  isHeartbeats(topic: string): boolean;
  isCheckpoints(topic: string): boolean;
  /** One of MirrorMaker 2's own: `mm2...internal` or a checkpoints topic. */
  isMirrorMakerInternal(topic: string): boolean;
  /** Never copied: MirrorMaker 2's own, or beginning with `__` or `.`. */
  isInternal(topic: string): boolean;
  /** On the target of a flow from `source`. */
  checkpointsTopic(source: string): string;
  /** `other` is the cluster at the other end of the flow, seen from where the topic is. */
  offsetSyncsTopic(other: string): string;
}

/** Name of the topic that a cluster's own heartbeats are written to, whatever the policy. */
export const HEARTBEATS_TOPIC = 'heartbeats';

/** What distinguishes the policies: the rest follows from it. */
export interface Naming {
  readonly remoteTopic: (source: string, topic: string) => string;
  readonly topicSource: (topic: string) => string | undefined;
  readonly upstreamTopic: (topic: string) => string | undefined;
  /** Between the parts of internal topics' names. */
  readonly internalSeparator: string;
}

export function replicationPolicy(naming: Naming): ReplicationPolicy {
  const { remoteTopic, topicSource, upstreamTopic } = naming;
  const end = `${naming.internalSeparator}internal`;
  const checkpoints = `${naming.internalSeparator}checkpoints${end}`;
  const isCheckpoints = (topic: string) => topic.endsWith(checkpoints);
  const isMirrorMakerInternal = (topic: string) =>
    (topic.startsWith('mm2') && topic.endsWith(end)) || isCheckpoints(topic);
  const originalTopic = (topic: string): string => {
    const upstream = upstreamTopic(topic);
    return upstream === undefined || upstream === topic ? topic : originalTopic(upstream);
  };
  return {
    remoteTopic,
    topicSource,
    upstreamTopic,
    originalTopic,
    isHeartbeats: (topic) => originalTopic(topic) === HEARTBEATS_TOPIC,
    isCheckpoints,
    isMirrorMakerInternal,
    isInternal: (topic) => isMirrorMakerInternal(topic) || topic.startsWith('__') || topic.startsWith('.'),
    checkpointsTopic: (source) => `${source}${checkpoints}`,
    offsetSyncsTopic: (other) => `mm2-offset-syncs${naming.internalSeparator}${other}${end}`,
  };
}

/** Aliases that `topic` has passed through, nearest first; ends where the name no longer changes. */
export function* provenance(policy: ReplicationPolicy, topic: string): Generator<string> {
  for (let name = topic; ; ) {
    const source = policy.topicSource(name);
    if (source === undefined) return;
    yield source;
    const upstream = policy.upstreamTopic(name);
    if (upstream === undefined || upstream === name) return;
    name = upstream;
  }
}
