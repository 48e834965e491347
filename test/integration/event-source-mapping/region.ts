import { inject } from 'vitest';
import type { ClusterAddress } from '../../../local/region/addresses.ts';

export interface Region {
  readonly awsEndpoint: string;
  readonly cluster: ClusterAddress;
}

/** The source region of those that all integration tests share. */
export function region(): Region {
  const {
    awsEndpoint,
    clusters: [cluster],
  } = inject('regions');
  if (awsEndpoint === undefined || cluster === undefined)
    throw new Error('These tests need regions with AWS and Kafka');
  return { awsEndpoint, cluster };
}
