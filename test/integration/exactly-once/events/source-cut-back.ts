import type { Schedule } from '../schedule.ts';

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
