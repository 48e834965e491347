import { selectConfigProperty } from '../policy/config-property-selection.ts';
import { selectGroup } from '../policy/group-selection.ts';
import { compileNameList } from '../policy/name-list.ts';
import { policyFor } from '../policy/policy-settings.ts';
import type { ReplicationPolicy } from '../policy/replication-policy.ts';
import type { Verdict } from '../policy/verdict.ts';
import type { Flow } from './flow-schema.ts';
import { topicVerdicts } from './topic-choice.ts';

/** What a flow does with topics, groups and settings, by their names. */
export interface FlowPolicy {
  readonly policy: ReplicationPolicy;
  /** Name on the target of the source topic `topic`. */
  remoteTopic(topic: string): string;
  /** Whether the source topic `topic` is copied, and why. */
  covers(topic: string): Verdict;
  /** Whether the offsets of `group` are carried over, and why. */
  coversGroup(group: string): Verdict;
  /** Whether the topic setting `name` is copied, and why. */
  coversConfigProperty(name: string): Verdict;
}

export function flowPolicy(flow: Flow): FlowPolicy {
  const policy = policyFor(flow.policy);
  const groups = [compileNameList(flow.groups.include), compileNameList(flow.groups.exclude)] as const;
  const properties = compileNameList(flow.configProperties.exclude);
  return {
    policy,
    remoteTopic: (topic) => policy.remoteTopic(flow.source.alias, topic),
    covers: topicVerdicts(flow),
    coversGroup: (group) => selectGroup(...groups, group),
    coversConfigProperty: (name) => selectConfigProperty(properties, name),
  };
}
