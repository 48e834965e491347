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

/** What `reconcile` alone remembers of a flow from one run to the next. All reads are strongly consistent. */
export interface ReconcileNotes {
  synced(): Promise<SyncNotes>;
  /** The later of two writers wins, which does no harm: to compare once more or less is all that comes of it. */
  setSynced(kind: SyncKind, note: SyncNote): Promise<void>;
}
