import type { Flow } from './flow-schema.ts';
import type { Warning } from './report.ts';
import type { ClusterAws } from './security/cluster-aws.ts';

export interface Cluster {
  readonly alias: string;
  readonly bootstrapServers: readonly string[];
  readonly aws: ClusterAws;
}

/** What a file says, with every value that holds by default. */
export interface Configuration {
  readonly clusters: readonly Cluster[];
  /** Every ordered pair that copies something or only writes heartbeats, in the order of `clusters`. */
  readonly flows: readonly Flow[];
}

export interface Parsed {
  readonly configuration: Configuration;
  /** In file order. */
  readonly warnings: readonly Warning[];
}
