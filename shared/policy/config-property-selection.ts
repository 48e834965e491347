import type { NameMatcher } from './name-list.ts';
import { covered, naming, notCovered, type Verdict } from './verdict.ts';

/** Topic settings that are not synced unless `config.properties.exclude` says otherwise (MirrorMaker 2). */
export const DEFAULT_CONFIG_PROPERTIES_EXCLUDE = [
  'follower\\.replication\\.throttled\\.replicas',
  'leader\\.replication\\.throttled\\.replicas',
  'message\\.timestamp\\.difference\\.max\\.ms',
  'message\\.timestamp\\.type',
  'unclean\\.leader\\.election\\.enable',
  'min\\.insync\\.replicas',
] as const;

/** Whether the topic setting `name` is copied to remote topics. */
export function selectConfigProperty(exclude: NameMatcher, name: string): Verdict {
  return exclude.matches(name)
    ? notCovered(`excluded by ${naming(name, 'config.properties.exclude', exclude)}`)
    : covered('not excluded by config.properties.exclude');
}

/** Where a topic's value comes from, in the words of Kafka's `ConfigEntry.ConfigSource`. */
export const ConfigSource = {
  Topic: 'topic',
  /** Set on brokers while they run, for one or for all. */
  DynamicBroker: 'dynamic-broker',
  /** In the brokers' own file. */
  StaticBroker: 'static-broker',
  Default: 'default',
} as const;
export type ConfigSource = (typeof ConfigSource)[keyof typeof ConfigSource];

/** A topic's value for one config property, its own or inherited. */
export interface ConfigEntry {
  /** Null where it is sensitive. */
  readonly value: string | null;
  readonly source: ConfigSource;
  readonly readOnly: boolean;
  readonly sensitive: boolean;
}

/** What becomes of the remote topic's value: `clear` leaves it to the target's default, `leave` never touches it. */
export type ConfigOrder = { readonly kind: 'set'; readonly value: string } | { readonly kind: 'clear' | 'leave' };

/**
 * MirrorMaker 2's rule for a config property that the flow covers. What stands in the brokers' own file describes the
 * brokers, not the topic, and says nothing of the remote topic.
 * @param useDefaultsFrom whose value holds where the source topic has its default
 */
export function orderConfig(entry: ConfigEntry, useDefaultsFrom: 'source' | 'target'): ConfigOrder {
  if (entry.readOnly || entry.sensitive || entry.value === null) return { kind: 'leave' };
  if (entry.source === ConfigSource.StaticBroker) return { kind: 'leave' };
  if (entry.source === ConfigSource.Default && useDefaultsFrom === 'target') return { kind: 'clear' };
  return { kind: 'set', value: entry.value };
}
