import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegionsAddress } from '../region/addresses.ts';

export interface TwoWayOptions {
  readonly topics: readonly string[];
  /** Of the groups that are moved, a regular expression. */
  readonly groups: string;
  /** More of it, by property. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Writes the `mm2.properties` of two clusters that copy each other's topics. @returns its path */
export function writeTwoWayConfiguration(
  { clusters, folder }: RegionsAddress,
  { topics, groups, settings = {} }: TwoWayOptions,
): string {
  const aliases = clusters.map(({ alias }) => alias);
  const [source, target] = aliases;
  const own = clusters.flatMap(({ alias, bootstrapServers, awsRegion, arn }) => [
    `${alias}.bootstrap.servers = ${bootstrapServers}`,
    `${alias}.causeway.region = ${awsRegion}`,
    `${alias}.causeway.cluster.arn = ${arn}`,
  ]);
  const path = join(folder, 'mm2.properties');
  const lines = [
    `clusters = ${aliases.join(', ')}`,
    ...own,
    `${source}->${target}.enabled = true`,
    `${target}->${source}.enabled = true`,
    `topics = ${topics.join(', ')}`,
    `groups = ${groups}`,
    'sync.group.offsets.enabled = true',
    'refresh.groups.interval.seconds = 5',
    'replication.factor = 1',
    'heartbeats.topic.replication.factor = 1',
    'checkpoints.topic.replication.factor = 1',
    ...Object.entries(settings).map(([property, value]) => `${property} = ${value}`),
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}
