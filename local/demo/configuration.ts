import { join } from 'node:path';
import type { RegionsAddress } from '../region/addresses.ts';

/** The demo's `mm2.properties`: what MirrorMaker 2 would read, and below it what only Causeway needs to know. */
export function demoConfiguration({ clusters }: RegionsAddress): string {
  const aliases = clusters.map(({ alias }) => alias);
  const [source, target] = aliases;
  const lines = clusters.flatMap(({ alias, bootstrapServers }) => [`${alias}.bootstrap.servers = ${bootstrapServers}`]);
  const aws = clusters.flatMap(({ alias, awsRegion, arn }) => [
    `${alias}.causeway.region = ${awsRegion}`,
    `${alias}.causeway.cluster.arn = ${arn}`,
  ]);
  return [
    `clusters = ${aliases.join(', ')}`,
    ...lines,
    '',
    `${source}->${target}.enabled = true`,
    `${source}->${target}.topics = orders, balances, clicks`,
    `${target}->${source}.enabled = false`,
    'replication.factor = 1',
    'heartbeats.topic.replication.factor = 1',
    'checkpoints.topic.replication.factor = 1',
    'sync.group.offsets.enabled = true',
    'groups = billing, shipping',
    'refresh.groups.interval.seconds = 5',
    '',
    ...aws,
    'causeway.batching.window.seconds = 0',
    '',
  ].join('\n');
}

/** Where the demo of a run keeps it. */
export function configurationOf({ folder }: RegionsAddress): string {
  return join(folder, 'mm2.properties');
}
