import type { ReconcileNotes } from '../ledger/reconcile-notes.ts';
import type { TopicRegistry } from '../ledger/topic-registry.ts';
import type { AclReader, AclWriter } from './acls/sync-acls.ts';
import type { ConfigPorts } from './configs/sync-configs.ts';
import type { LaterStart, Mapping, MappingOrigin, MappingSettings } from './mapping.ts';
import type { ClusterTopic } from './topic.ts';

export type SourceTopics = ConfigPorts['source'] &
  AclReader & {
    /** What the cluster says of a topic asked for by name; `hidden`: nothing, for want of a right. */
    presence(topic: string): Promise<'there' | 'gone' | 'hidden'>;
    /** Every topic that the cluster shows. */
    list(): Promise<readonly ClusterTopic[]>;
    /** Of each of so many partitions the first offset at or behind `start`, with which nothing written from now on is left out. */
    offsetsAt(topic: string, partitions: number, start: LaterStart): Promise<readonly number[]>;
  };

/** The group that a topic's event source mapping reads with, on the source. */
export interface StartOffsets {
  /** By partition; those without a commit are absent. */
  committed(group: string, topic: string): Promise<ReadonlyMap<number, number>>;
  /** @throws CausewayError when the broker refuses one */
  commit(group: string, topic: string, offsets: ReadonlyMap<number, number>): Promise<void>;
}

/** A remote topic to be made. */
export interface NewRemoteTopic {
  readonly name: string;
  readonly partitions: number;
  /** -1: the broker's default */
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
}

export type TargetTopics = ConfigPorts['target'] &
  AclWriter & {
    /** Sum of the log ends of all partitions. */
    logEnds(name: string): Promise<number>;
    /** Deletes the incarnation with this id and no other; one that has gone is no error. */
    remove(name: string, id: string): Promise<void>;
    /** Every topic that the cluster shows. */
    list(): Promise<readonly ClusterTopic[]>;
    /** @returns the id of the new topic; undefined for one that exists already, which is no error */
    create(topic: NewRemoteTopic): Promise<string | undefined>;
    /** Throws what `create` would. */
    check(topic: NewRemoteTopic): Promise<void>;
    /** To `partitions` in all; having as many already is no error. */
    grow(name: string, partitions: number): Promise<void>;
    /** Whether no partition holds a record. */
    isEmpty(name: string): Promise<boolean>;
  };

export interface MappingSpec {
  readonly topic: string;
  readonly generation: number;
  readonly group: string;
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
  readonly startOffsets: StartOffsets;
  readonly registry: TopicRegistry;
  readonly notes: ReconcileNotes;
  readonly clock: ReconcileClock;
}
