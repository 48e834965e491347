import { inject } from 'vitest';
import type { ClusterAddress } from '../../../local/region/addresses.ts';

export interface Region {
  readonly awsEndpoint: string;
  readonly cluster: ClusterAddress;
}

/** One of the regions that all integration tests share; 0 is the source. */
export function region(index = 0): Region {
  const { awsEndpoint, clusters } = inject('regions');
  const cluster = clusters[index];
  if (awsEndpoint === undefined || cluster === undefined)
    throw new Error('These tests need regions with AWS and Kafka');
  return { awsEndpoint, cluster };
}
