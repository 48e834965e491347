import type { ClusterAddress } from './addresses.ts';

/**
 * Makes the AWS APIs of a region refuse every request, as far as one LocalStack permits, which serves all regions: what it
 * asks of itself goes on, as event source mappings that invoke functions.
 *
 * @throws Error when there is no LocalStack with the project's plugin
 */
export function loseControlPlane(awsEndpoint: string, { awsRegion }: Pick<ClusterAddress, 'awsRegion'>): Promise<void> {
  return outage('PUT', awsEndpoint, awsRegion);
}

/** The region answers again. */
export function returnControlPlane(
  awsEndpoint: string,
  { awsRegion }: Pick<ClusterAddress, 'awsRegion'>,
): Promise<void> {
  return outage('DELETE', awsEndpoint, awsRegion);
}

async function outage(method: 'PUT' | 'DELETE', awsEndpoint: string, awsRegion: string): Promise<void> {
  const { ok, status } = await fetch(`${awsEndpoint}/_causeway/outages/${awsRegion}`, { method });
  if (!ok) throw new Error(`${method} of an outage of ${awsRegion}: status ${status}`);
}
