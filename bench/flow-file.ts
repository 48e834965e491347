import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterAddress } from '../local/region/addresses.ts';

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
