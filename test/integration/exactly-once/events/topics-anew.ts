import type { Schedule } from '../schedule.ts';

/** The source topic is deleted and made again; the old mapping still delivers once, then a new generation begins. */
export async function recreateSource(schedule: Schedule): Promise<void> {
  const { application, random, world, partition, kind } = schedule;
  await application.produce(random.int(1, 8));
  await schedule.deliver(schedule.committed, random.int(1, 5));
  await world.sourceAdmin.deleteTopics({ topics: [partition.topic] });
  await world.createSourceTopic(partition.topic, 1, kind.topicConfigs ?? {});
  schedule.endLife(undefined);
  await application.produce(random.int(5, 20));
  await schedule.deliver(0, random.int(1, 30));
  await schedule.limbo.release();
  schedule.beginGeneration();
}

/**
 * The remote topic is deleted, which the old mapping's next delivery finds out. Reconcile makes it anew once that mapping
 * is drained, and a new generation copies the source from its start.
 */
export async function recreateTarget(schedule: Schedule): Promise<void> {
  const { random, world, partition } = schedule;
  await schedule.application.produce(random.int(1, 8));
  await schedule.deliver(schedule.committed, random.int(1, 5));
  await world.targetAdmin.deleteTopics({ topics: [partition.remoteTopic] });
  await schedule.deliver(schedule.committed, random.int(1, 30));
  await schedule.limbo.release();
  await world.createRemoteTopic(partition.remoteTopic, 1);
  schedule.beginGeneration();
}
