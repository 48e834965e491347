import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ClusterAddress, clusterArn, type RegionsAddress, readAddresses } from './addresses.ts';
import type { ClusterOptions } from './options.ts';
import { runsFolder } from './run-folder.ts';

/**
 * What may be given from outside instead of being started:
 *
 * | variable | stands for |
 * |---|---|
 * | `CAUSEWAY_REGION` | a whole run that is up: its id, or the path of its `region.json` |
 * | `CAUSEWAY_SOURCE_BOOTSTRAP_SERVERS` | the first cluster, `host:port,host:port` |
 * | `CAUSEWAY_TARGET_BOOTSTRAP_SERVERS` | the second cluster |
 * | `CAUSEWAY_SOURCE_CLUSTER_ARN`, `CAUSEWAY_TARGET_CLUSTER_ARN` | their ARNs; default: the local form |
 * | `AWS_ENDPOINT_URL` | an AWS endpoint that knows those clusters |
 */
export interface ExternalParts {
  readonly awsEndpoint: string | undefined;
  /** By place in the list of clusters; undefined is to be started. */
  readonly clusters: readonly (ClusterAddress | undefined)[];
}

export function externalParts(clusters: readonly ClusterOptions[], env: NodeJS.ProcessEnv): ExternalParts {
  const roles = ['SOURCE', 'TARGET'];
  return {
    awsEndpoint: env.AWS_ENDPOINT_URL || undefined,
    clusters: clusters.map((cluster, index) => externalCluster(cluster, roles[index], env)),
  };
}

function externalCluster(
  { alias, awsRegion }: ClusterOptions,
  role: string | undefined,
  env: NodeJS.ProcessEnv,
): ClusterAddress | undefined {
  const bootstrapServers = role && env[`CAUSEWAY_${role}_BOOTSTRAP_SERVERS`];
  if (!bootstrapServers) return undefined;
  const arn = env[`CAUSEWAY_${role}_CLUSTER_ARN`] || clusterArn(alias, awsRegion);
  return { alias, awsRegion, arn, bootstrapServers, brokers: [] };
}

/** The run that `CAUSEWAY_REGION` names, undefined when it is not set. */
export function runningRegions(env: NodeJS.ProcessEnv): RegionsAddress | undefined {
  const named = env.CAUSEWAY_REGION;
  if (!named) return undefined;
  return readAddresses(existsSync(named) ? named : join(runsFolder(), named, 'region.json'));
}
