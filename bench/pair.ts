import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterAddress, RegionsAddress } from '../local/region/addresses.ts';
import { KafkaCluster } from '../shared/adapters/kafka/cluster.ts';

/** What a scene between two clusters needs. @throws Error where something of it is not there */
export function pairIn({ awsEndpoint, clusters: [source, target] }: RegionsAddress) {
  if (awsEndpoint === undefined || source === undefined || target === undefined)
    throw new Error('two clusters and an AWS endpoint are needed');
  return { source, target, awsEndpoint };
}

export function clusterAt({ alias, bootstrapServers }: ClusterAddress): KafkaCluster {
  return new KafkaCluster({ alias, bootstrapServers: bootstrapServers.split(',') });
}

/** Lines of a configuration with one flow between two local clusters. */
export function flowLines(source: ClusterAddress, target: ClusterAddress, more: readonly string[]): string {
  const ends = [source, target];
  return [
    `clusters = ${ends.map(({ alias }) => alias).join(', ')}`,
    ...ends.flatMap(({ alias, bootstrapServers, awsRegion, arn }) => [
      `${alias}.bootstrap.servers = ${bootstrapServers}`,
      `${alias}.causeway.region = ${awsRegion}`,
      `${alias}.causeway.cluster.arn = ${arn}`,
    ]),
    `${source.alias}->${target.alias}.enabled = true`,
    ...more,
    '',
  ].join('\n');
}

/** @returns the path of the file in `folder` */
export function writeFlowFile(folder: string, text: string): string {
  const path = join(folder, 'mm2.properties');
  writeFileSync(path, text);
  return path;
}
