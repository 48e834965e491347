/** An end of a flow: the cluster that records are copied from, or the one that they are copied to. */
export type Side = 'source' | 'target';

/** On which side older records with the same key are removed: one may be gone that a newer one of its key stands for. */
export type Compacted = Readonly<Record<Side, boolean>>;
