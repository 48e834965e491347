import { FailoverKafka } from './failover-kafka.ts';
import type { FailoverKafkaOptions } from './options.ts';

/**
 * kafkajs producers and consumers that use the cluster which the flow's registry names, stop when they are fenced, and go on
 * at the other one. Begins to read the registry at once; connects to nothing else by itself.
 *
 * @example
 * await using kafka = createFailoverKafka({
 *   flow: { source: 'us-east', target: 'us-west' },
 *   clusters: {
 *     'us-east': { brokers: ['b-1.east.example.com:9092'] },
 *     'us-west': { brokers: ['b-1.west.example.com:9092'] },
 *   },
 *   registry: dynamoDbRegistry({ region: 'us-west-2' }),
 * });
 * const producer = kafka.producer();
 * await producer.connect();
 * await producer.send({ topic: 'orders', messages: [{ key: '7', value: 'paid' }] });
 */
export function createFailoverKafka<const Aliases extends string>(
  options: FailoverKafkaOptions<Aliases>,
): FailoverKafka {
  return new FailoverKafka(options);
}
