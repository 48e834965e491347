import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../../../local/region/until.ts';
import type { Schedule } from '../schedule.ts';
import type { World } from '../world.ts';

/** Between two moves of one schedule, so that the killing of brokers does not find thousands of records. */
const PACE_MS = 500;
const MOVED_WITHIN_MS = 20_000;

/** Another broker becomes the leader of the target partition while batches are on their way to the old one. */
export async function moveLeaderMidBatch(schedule: Schedule): Promise<void> {
  const { application, random } = schedule;
  for (let round = 1; round <= 2; round++) {
    await application.produce(random.int(15, 40));
    const moved = moveLeader(schedule);
    await Promise.all([moved, schedule.play(random.int(2, 3))]);
  }
}

/** Takes the leader out of the replicas, then puts it back as the last of them. */
async function moveLeader({ world, seed, partition: { remoteTopic: topic, partition } }: Schedule): Promise<void> {
  const before = await placeOf(world, topic, partition);
  const others = before.replicas.filter((replica) => replica !== before.leader);
  const assign = (replicas: number[], done: (now: Place) => boolean) => {
    const assignment = { topic, partitionAssignment: [{ partition, replicas }] };
    return world.targetAdmin.alterPartitionReassignments({ topics: [assignment] }).then(() =>
      until(
        async () => done(await placeOf(world, topic, partition)),
        MOVED_WITHIN_MS,
        (last) => new Error(`seed ${seed}: ${topic}-${partition} did not move (${String(last)})`),
      ),
    );
  };
  await assign(others, ({ leader }) => others.includes(leader));
  await assign([...others, before.leader], ({ isr }) => isr.length === before.replicas.length);
}

interface Place {
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

async function placeOf(world: World, topic: string, partition: number): Promise<Place> {
  const { topics } = await world.targetAdmin.fetchTopicMetadata({ topics: [topic] });
  const found = topics[0]?.partitions.find(({ partitionId }) => partitionId === partition);
  if (found === undefined) throw new Error(`no metadata of ${topic}-${partition}`);
  return found;
}

/** Goes on with deliveries as long as brokers are being killed and started again. */
export async function loseBrokers(schedule: Schedule): Promise<void> {
  const { disturbance } = schedule;
  disturbance.join(schedule);
  do {
    await schedule.play(1);
    await Promise.race([disturbance.passed, delay(PACE_MS)]);
  } while (!disturbance.over);
}

/** Kills brokers of the target and starts them again, one after the other, always waiting for all replicas. */
export async function killBrokers(world: World, topic: string, count: number): Promise<void> {
  const { alias, brokers } = world.regions.target;
  const { leader } = await placeOf(world, topic, 0);
  const others = brokers.map(({ id }) => id).filter((id) => id !== leader);
  for (const id of [leader, ...others].slice(0, count)) {
    await world.regions.killBroker(alias, id);
    await untilLeaders(world, topic, (place) => place.leader !== id && place.leader >= 0 && !place.isr.includes(id));
    await world.regions.startBroker(alias, id);
    await untilLeaders(world, topic, ({ isr, replicas }) => isr.length === replicas.length);
  }
}

async function untilLeaders(world: World, topic: string, hold: (place: Place) => boolean): Promise<void> {
  await until(
    async () => {
      const metadata = await world.targetAdmin.fetchTopicMetadata({ topics: [topic] });
      return metadata.topics.every(({ partitions }) => partitions.every(hold));
    },
    60_000,
    (last) => new Error(`leaders of ${topic} did not settle (${String(last)})`),
  );
}
