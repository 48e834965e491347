import type { Schedule } from '../schedule.ts';

/** The target loses the end of its log, records that it had acknowledged, until somebody sets the group back for them. */
export async function cutTargetBack(schedule: Schedule): Promise<void> {
  const { application, random, disturbance } = schedule;
  for (let batch = 0; batch < 4; batch++) {
    await application.produce(random.int(1, 6));
    await schedule.deliver(schedule.committed, random.int(3, 12));
  }
  disturbance.join(schedule);
  await disturbance.passed;
  schedule.targetCutAt = disturbance.cuts.get(schedule.seed);
  await application.produce(random.int(1, 25));
  const again = () => schedule.deliverAgain();
  const goOn = () => schedule.deliver(schedule.committed, random.int(1, 10));
  for (const deliver of random.pick([[goOn], [again, goOn], [goOn, again, goOn]])) await deliver();
  await schedule.setGroupBack();
}
