import type { CausewayError } from '../../flow/errors.ts';
import type { ConfigEntry } from '../../policy/config-property-selection.ts';

/** Every config property that a cluster knows of a topic, by name. */
export type TopicConfigs = ReadonlyMap<string, ConfigEntry>;

/** One value to be set on a topic, or to be taken off it. */
export interface ConfigChange {
  readonly name: string;
  /** Undefined: the topic's own value is removed, and the cluster's default holds. */
  readonly value: string | undefined;
}

/** What a cluster answers for one topic of several. */
export type PerTopic<T> = ReadonlyMap<string, T | CausewayError>;
