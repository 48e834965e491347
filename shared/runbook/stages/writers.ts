import { isTold } from '../../groups/committed-offsets.ts';
import { describeTopicPartition, type TopicPartition } from '../../mm2/topic-partition.ts';
import type { ActiveProducer, ByPartition } from '../ports/cluster.ts';
import type { Growth } from './growth.ts';

/** Sequences go from 0 to 2^31 - 1, then from 0 again. */
const SEQUENCES = 2 ** 31;

/** The producers of a partition that wrote between two looks, as far as brokers remember them. */
export function writersOf(
  { topic, partition }: TopicPartition,
  before: ByPartition<readonly ActiveProducer[]>,
  after: ByPartition<readonly ActiveProducer[]>,
): readonly ActiveProducer[] {
  const [first, second] = [before, after].map((look) => look.get(topic)?.get(partition) ?? []);
  const known = new Map((first && isTold(first) ? first : []).map((each) => [each.producerId, each]));
  return (second && isTold(second) ? second : []).filter((each) => {
    const was = known.get(each.producerId);
    return was === undefined || was.lastSequence !== each.lastSequence || was.epoch !== each.epoch;
  });
}

/** How many records a producer wrote to a partition between two looks; undefined: that cannot be told. */
export function writtenBy(
  producerId: string,
  { topic, partition }: TopicPartition,
  before: ByPartition<readonly ActiveProducer[]>,
  after: ByPartition<readonly ActiveProducer[]>,
): number | undefined {
  const [first, second] = [before, after].map((look) => {
    const told = look.get(topic)?.get(partition);
    return told && isTold(told) ? told.find((each) => each.producerId === producerId) : undefined;
  });
  if (second === undefined) return 0;
  if (first === undefined || first.epoch !== second.epoch) return undefined;
  return (second.lastSequence - first.lastSequence + SEQUENCES) % SEQUENCES;
}

/** `orders-3 grew by 120 records (producer 4711, payments-tx-1)` */
export function describeGrowth(
  { records, ...place }: Growth,
  writers: readonly ActiveProducer[],
  transactionalIds: ReadonlyMap<string, string>,
): string {
  const names = writers.map(({ producerId }) => {
    const id = transactionalIds.get(producerId);
    return id === undefined ? `producer ${producerId}` : `producer ${producerId}, ${id}`;
  });
  const by = names.length === 0 ? 'by a producer without idempotence, which has no id' : names.join('; ');
  return `${describeTopicPartition(place)} grew by ${records} records (${by})`;
}
