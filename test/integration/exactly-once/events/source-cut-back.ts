import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { batchHeaders } from '../../../../shared/records/decode.ts';
import type { Schedule } from '../schedule.ts';
import type { World } from '../world.ts';

/**
 * The source loses the end of its log, as after an unclean leader election: offsets that were delivered before are
 * given to other records.
 */
export async function cutSourceBack(schedule: Schedule): Promise<void> {
  const { application, random, disturbance } = schedule;
  for (let batch = 0; batch < 4; batch++) await application.produce(random.int(1, 6));
  await schedule.deliver(schedule.committed, random.int(1, 25));
  const { committed } = schedule;
  disturbance.join(schedule);
  await disturbance.passed;
  const cutAt = disturbance.cuts.get(schedule.seed);
  if (cutAt === undefined) throw new Error(`seed ${schedule.seed}: the source's log was not cut`);
  schedule.endLife(cutAt);
  await application.produce(random.int(1, 25));
  // What Lambda holds in memory it delivers again, and it goes on where its group stands, until somebody sets that back.
  const again = () => schedule.deliverAgain();
  const goOn = () => schedule.deliver(committed, random.int(1, 10));
  for (const deliver of random.pick([[again], [goOn], [again, goOn], [goOn, again, goOn]])) await deliver();
  schedule.committed = Math.min(committed, cutAt);
}

/** Stops the source's broker, takes the last batches out of every log, and starts it. @returns the ends, by seed */
export async function cutLogs(world: World, schedules: readonly Schedule[]): Promise<ReadonlyMap<number, number>> {
  const { alias } = world.regions.source;
  const [broker] = world.regions.source.brokers;
  if (broker === undefined) throw new RangeError('the source is not of this run');
  await world.regions.killBroker(alias, broker.id);
  const data = join(world.regions.address.folder, 'data', `kafka-${alias}-${broker.id}`);
  const cuts = schedules.map((schedule) => [schedule.seed, cutLog(data, schedule)] as const);
  await world.regions.startBroker(alias, broker.id);
  return new Map(cuts);
}

function cutLog(data: string, { partition: { topic, partition }, random }: Schedule): number {
  const folder = join(data, `${topic}-${partition}`);
  const [segment, ...more] = readdirSync(folder).filter((name) => name.endsWith('.log'));
  if (segment === undefined || more.length > 0) throw new Error(`${folder} has not just one segment`);
  const path = join(folder, segment);
  const headers = [...batchHeaders(readFileSync(path))];
  const kept = random.int(1, headers.length - 1);
  truncateSync(
    path,
    headers.slice(0, kept).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  );
  return headers[kept]?.baseOffset ?? 0;
}
