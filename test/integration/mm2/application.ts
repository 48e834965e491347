import kafkajs from 'kafkajs';
import { uniqueName } from '../kafka/target.ts';

const { Kafka, logLevel } = kafkajs;

/**
 * Has an application write records of different values to a topic.
 * @param inTransactions each of so many records; by default there is none
 */
export async function produce(servers: string, topic: string, count: number, inTransactions?: number): Promise<void> {
  const kafka = new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ transactionalId: uniqueName('application'), maxInFlightRequests: 1 });
  await producer.connect();
  const messages = Array.from({ length: count }, (_, i) => ({ value: `record ${i}` }));
  if (inTransactions === undefined) await producer.send({ topic, messages });
  else
    for (let from = 0; from < count; from += inTransactions) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: messages.slice(from, from + inTransactions) });
      await transaction.commit();
    }
  await producer.disconnect();
}
