import { until } from '../../../../local/region/until.ts';
import { apis } from '../../../../shared/adapters/kafka/apis.ts';
import { rights } from '../../../../shared/adapters/kafka/rights.ts';
import type { Schedule } from '../schedule.ts';

const FORGOTTEN_WITHIN_MS = 20_000;

/** The target's broker forgets the producer, whose newest record is older than `producer.id.expiration.ms`. */
export async function forgetProducer(schedule: Schedule): Promise<void> {
  const { application, random } = schedule;
  for (let round = 1; round <= 2; round++) {
    await application.produce(random.int(3, 10));
    await schedule.deliver(schedule.committed, random.int(1, 5));
    await until(
      () => isForgotten(schedule),
      FORGOTTEN_WITHIN_MS,
      () => new Error(`seed ${schedule.seed}: the broker still knows the producer`),
    );
    await schedule.play(1);
  }
}

async function isForgotten({ world, partition }: Schedule): Promise<boolean> {
  const { remoteTopic: name, partition: index } = partition;
  const answer = await world.target.callLeader(name, index, {
    request: `DescribeProducers of ${name}-${index}`,
    subject: `partition ${name}-${index}`,
    needs: rights.readTopic(name),
    signal: undefined,
    run: (connection) => connection.call(apis.describeProducers, [{ name, partitionIndexes: [index] }]),
  });
  return answer.topics[0]?.partitions[0]?.activeProducers.length === 0;
}
