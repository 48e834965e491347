import type { AclWriter } from '../../reconcile/acls/sync-acls.ts';

/**
 * What runbooks of one flow have denied on one cluster, or were about to deny when they were interrupted. It is noted
 * before it is made: a fence of the user's own looks the same, and is never noted.
 */
export interface WriteFence {
  /** Raised by 1 with every write; each write is conditional on the version read. */
  readonly version: number;
  /** Of the run that wrote it last. */
  readonly generation: number;
  /** When the newest of them was about to be made, ms since the epoch. */
  readonly at: number;
  /** Empty: everything is lifted. */
  readonly topics: readonly string[];
}

/** In the flow's registry, so that it outlives the run and the cluster. Reads are strongly consistent. */
export interface WriteFences {
  /** @param cluster its alias. Undefined: nothing was ever denied there */
  read(cluster: string): Promise<WriteFence | undefined>;
  /** `fence.version` must be `expected + 1`; 0 expects that there is none. */
  write(cluster: string, expected: number, fence: WriteFence): Promise<'written' | 'conflict'>;
}

/** One cluster as fences are made there and lifted. */
export interface FencedCluster {
  readonly alias: string;
  readonly acls: AclWriter;
  readonly fences: WriteFences;
}
