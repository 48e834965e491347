import type { TopicRegistry } from '../ledger/topic-registry.ts';
import type { Mapping, MappingOrigin, MappingSettings, StartPosition } from './mapping.ts';
import type { ClusterTopic } from './topic.ts';

export interface SourceTopics {
  /** Every topic that the cluster shows. */
  list(): Promise<readonly ClusterTopic[]>;
}

export interface TargetTopics {
  /** Every topic that the cluster shows. */
  list(): Promise<readonly ClusterTopic[]>;
  /** A topic that exists already is no error. `replicationFactor` -1: the broker's default. */
  create(name: string, partitions: number, replicationFactor: number): Promise<void>;
  /** To `partitions` in all; having as many already is no error. */
  grow(name: string, partitions: number): Promise<void>;
  /** Whether no partition holds a record. */
  isEmpty(name: string): Promise<boolean>;
}

export interface MappingSpec {
  readonly topic: string;
  readonly generation: number;
  readonly group: string;
  readonly start: StartPosition;
  readonly origin: MappingOrigin;
  readonly settings: MappingSettings;
}

/**
 * Event source mappings of the flow's `replicate` function. `busy`: Lambda is still carrying out an earlier change (or,
 * at creation, has one like it); the next look decides again.
 */
export interface EventSourceMappings {
  list(): Promise<readonly Mapping[]>;
  create(spec: MappingSpec): Promise<'created' | 'busy'>;
  update(uuid: string, settings: MappingSettings): Promise<'updated' | 'busy'>;
  /** A mapping that is gone already is no error. */
  remove(uuid: string): Promise<'removed' | 'busy'>;
}

export interface ReconcileClock {
  /** ms since the epoch */
  now(): number;
  wait(ms: number): Promise<void>;
}

export interface ReconcilePorts {
  readonly source: SourceTopics;
  readonly target: TargetTopics;
  readonly mappings: EventSourceMappings;
  readonly registry: TopicRegistry;
  readonly clock: ReconcileClock;
}
