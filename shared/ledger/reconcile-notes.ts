import type { TopicAcl } from '../policy/acl-selection.ts';

/** What is compared as a whole at intervals, not topic by topic at every look. */
export const SyncKind = { Configs: 'configs', Acls: 'acls' } as const;
export type SyncKind = (typeof SyncKind)[keyof typeof SyncKind];

/** When something was last compared, and by which deployment: another one has reason to compare anew. */
export interface SyncNote {
  /** ms since the epoch */
  readonly at: number;
  readonly deployment: string;
}

export type SyncNotes = Readonly<Partial<Record<SyncKind, SyncNote>>>;

/** The rights on a remote topic that Causeway gave, or was about to give when it was last interrupted. */
export interface AclNote {
  /** Raised by 1 with every write; each write is conditional on the version read. */
  readonly version: number;
  readonly topic: string;
  readonly remoteTopic: string;
  readonly acls: readonly TopicAcl[];
}

/** What `reconcile` alone remembers of a flow from one run to the next. All reads are strongly consistent. */
export interface ReconcileNotes {
  synced(): Promise<SyncNotes>;
  /** The later of two writers wins, which does no harm: to compare once more or less is all that comes of it. */
  setSynced(kind: SyncKind, note: SyncNote): Promise<void>;
  acls(): Promise<readonly AclNote[]>;
  /** `note.version` must be `expected + 1`; 0 expects that there is none. */
  writeAcls(expected: number, note: AclNote): Promise<'written' | 'conflict'>;
}
