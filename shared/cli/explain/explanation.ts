import type { FlowId } from '../../flow/flow.ts';

/** The rule that decided, by a name that stays. */
export const Rule = {
  FlowNotEnabled: 'flow-not-enabled',
  InternalTopic: 'internal-topic',
  MirrorTopic: 'mirror-topic',
  Loop: 'loop',
  RemoteName: 'remote-name',
  PollingGroup: 'polling-group',
  Heartbeats: 'heartbeats',
  Excluded: 'excluded',
  NotNamed: 'not-named',
  Named: 'named',
  CheckpointsOff: 'checkpoints-off',
  AclSyncOff: 'acl-sync-off',
  AclResource: 'acl-resource',
  AclPattern: 'acl-pattern',
  AclWrite: 'acl-write',
  AclFence: 'acl-fence',
  AclReduced: 'acl-reduced',
  AclKept: 'acl-kept',
} as const;
export type Rule = (typeof Rule)[keyof typeof Rule];

/** Where in the file something is written. */
export interface Place {
  readonly key: string;
  /** From 1; a continued line counts from its first. */
  readonly line: number;
}

/** An entry of a list, counted from 1. */
export interface Entry {
  readonly text: string;
  readonly number: number;
  readonly of: number;
}

/** One thing that holds, or stands in the way. */
export interface Finding {
  readonly rule: Rule;
  /** A sentence without its full stop. */
  readonly says: string;
  /** The property that rules; undefined where nothing in the file does. */
  readonly property?: string;
  /** Undefined: the property's default holds. */
  readonly place?: Place;
  /** The entries of the list that decided. */
  readonly entries?: readonly Entry[];
}

/** A line to be written. */
export interface Change {
  /** What it is for: to have it replicated, to have it left out, to have group offsets committed as well. */
  readonly to: 'start' | 'stop' | 'commit';
  readonly says: string;
  /** The line as it is to stand in the file. */
  readonly write: string;
  /** The lines that it takes the place of, both included; undefined: it is added. */
  readonly lines?: { readonly first: number; readonly last: number };
}

export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** Whether one flow replicates something, by which rules, and what would make it otherwise. */
export interface Explanation {
  readonly flow: FlowId;
  readonly replicated: boolean;
  /** Whether what the configuration says is so by now; undefined where nobody was asked. */
  readonly isSo?: boolean;
  /** A sentence without its full stop. */
  readonly says: string;
  /** What makes it so; everything that stands in the way, not only the first. */
  readonly because: readonly Finding[];
  readonly facts: readonly Fact[];
  /** All with one purpose are needed together. Empty where no setting helps. */
  readonly changes: readonly Change[];
}
