import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { batchHeaders } from '../../../../shared/records/decode.ts';
import type { Schedule } from '../schedule.ts';
import type { World } from '../world.ts';

type Side = 'source' | 'target';

/** Stops a cluster, takes the last batches out of every log, on all replicas, and starts it. @returns the ends, by seed */
export async function cutLogs(
  world: World,
  side: Side,
  schedules: readonly Schedule[],
): Promise<ReadonlyMap<number, number>> {
  const { alias, brokers } = world.regions[side];
  if (brokers.length === 0) throw new RangeError(`the ${side} is not of this run`);
  for (const { id } of brokers) await world.regions.killBroker(alias, id);
  const data = brokers.map(({ id }) => join(world.regions.address.folder, 'data', `kafka-${alias}-${id}`));
  const cuts = schedules.map((schedule) => [schedule.seed, cutReplicas(data, side, schedule)] as const);
  await Promise.all(brokers.map(({ id }) => world.regions.startBroker(alias, id)));
  return new Map(cuts);
}

function cutReplicas(data: readonly string[], side: Side, { partition, random }: Schedule): number {
  const topic = side === 'source' ? partition.topic : partition.remoteTopic;
  const paths = data.map((folder) => segmentOf(join(folder, `${topic}-${partition.partition}`)));
  // A replica that lags has the same batches, but not the last of them.
  const replicas = paths.map((path) => ({ path, headers: [...batchHeaders(readFileSync(path))] }));
  const shortest = Math.min(...replicas.map(({ headers }) => headers.length));
  const kept = random.int(1, shortest - 1);
  for (const { path, headers } of replicas) {
    const size = headers.slice(0, kept).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    truncateSync(path, size);
  }
  return replicas[0]?.headers[kept]?.baseOffset ?? 0;
}

function segmentOf(folder: string): string {
  const [segment, ...more] = readdirSync(folder).filter((name) => name.endsWith('.log'));
  if (segment === undefined || more.length > 0) throw new Error(`${folder} has not just one segment`);
  return join(folder, segment);
}
