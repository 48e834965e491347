import { inject } from 'vitest';
import type { ClusterAddress } from '../../../local/region/addresses.ts';
import type { AwsPlace } from '../../../local/region/call-aws.ts';

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

/** Where the services of the source's region are asked. */
export function awsPlace(): AwsPlace {
  const { awsEndpoint, cluster } = region();
  return { awsEndpoint, awsRegion: cluster.awsRegion };
}
