import type { NameMatcher } from './name-list.ts';
import { provenance, type ReplicationPolicy } from './replication-policy.ts';
import { covered, judge, notCovered, type Verdict } from './verdict.ts';

/** Topics that a flow leaves out unless `topics.exclude` says otherwise (requirements of the project, section 1). */
export const DEFAULT_TOPICS_EXCLUDE = ['.*[\\-\\.]internal', '.*\\.replica', '__.*'] as const;

export interface TopicRules {
  readonly policy: ReplicationPolicy;
  /** Alias of the flow's target. */
  readonly target: string;
  readonly include: NameMatcher;
  readonly exclude: NameMatcher;
  /** Whether heartbeats topics are copied in spite of the two lists. */
  readonly replicateHeartbeats: boolean;
}

/**
 * Whether a flow copies the source topic `topic`: the lists take it or it is a heartbeats topic, and it is neither
 * internal nor has it come from the target already.
 */
export function selectTopic(rules: TopicRules, topic: string): Verdict {
  const { policy, target } = rules;
  if (policy.isInternal(topic))
    return notCovered(policy.isMirrorMakerInternal(topic) ? 'a topic of the mirror itself' : 'an internal topic');
  if (Iterator.from(provenance(policy, topic)).some((alias) => alias === target))
    return notCovered(`a copy of what ${target} has already: copying it back would make a loop`);
  if (rules.replicateHeartbeats && policy.isHeartbeats(topic))
    return covered('a heartbeats topic (heartbeats.replication.enabled)');
  return judge(topic, 'topics', rules.include, rules.exclude);
}
