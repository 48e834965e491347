import { ConfigSource, orderConfig } from '../../policy/config-property-selection.ts';
import type { ConfigChange, TopicConfigs } from './topic-configs.ts';

/** What the flow wants of topic settings. */
export interface ConfigRules {
  /** Whether the property `name` is kept in step. */
  covers(name: string): boolean;
  readonly useDefaultsFrom: 'source' | 'target';
}

export interface ConfigPlan {
  /** Where the remote topic differs from what it should have; nothing else is sent. */
  readonly changes: readonly ConfigChange[];
  /** To be set, and not known to the target's version of Kafka. */
  readonly unknown: readonly string[];
}

/** Compares an existing remote topic with its source. Planning again after the changes gives none. */
export function planConfigs(source: TopicConfigs, target: TopicConfigs, rules: ConfigRules): ConfigPlan {
  const changes: ConfigChange[] = [];
  const unknown: string[] = [];
  for (const [name, entry] of source) {
    if (!rules.covers(name)) continue;
    const order = orderConfig(entry, rules.useDefaultsFrom);
    const there = target.get(name);
    const own = there?.source === ConfigSource.Topic;
    if (order.kind === 'set' && there === undefined) unknown.push(name);
    else if (order.kind === 'set' && !(own && there.value === order.value)) changes.push({ name, value: order.value });
    else if (order.kind === 'clear' && own) changes.push({ name, value: undefined });
  }
  return { changes, unknown };
}

/** What a remote topic is made with: the values that are not left to the target. */
export function configsAtCreation(source: TopicConfigs, rules: ConfigRules): Readonly<Record<string, string>> {
  const configs: Record<string, string> = {};
  for (const [name, entry] of source) {
    if (!rules.covers(name)) continue;
    const order = orderConfig(entry, rules.useDefaultsFrom);
    if (order.kind === 'set') configs[name] = order.value;
  }
  return configs;
}
