import type { ConsumerGroups } from '../../../shared/adapters/kafka/groups/consumer-groups.ts';
import { targetOffset } from '../../../shared/flow/offset.ts';
import { isTold } from '../../../shared/groups/committed-offsets.ts';
import type { TopicPartition } from '../../../shared/mm2/topic-partition.ts';
import type { TopicRecords } from './record-list.ts';

/** By partition. */
export type Positions = ReadonlyMap<number, number>;

/** What a consumer commits: the offset after its last record, and where the log starts before the first. */
export function positionsAfter(records: TopicRecords, consumed: Positions, starts: Positions): Positions {
  return new Map(
    [...records].map(([partition, { offsets }]) => {
      const last = offsets[(consumed.get(partition) ?? 0) - 1];
      return [partition, last === undefined ? (starts.get(partition) ?? 0) : last + 1];
    }),
  );
}

/** @throws Error unless every partition's offset is committed */
export async function commit<O extends number>(
  groups: ConsumerGroups<O>,
  group: string,
  topic: string,
  positions: Positions,
): Promise<void> {
  const wanted = [...positions].map(([partition, offset]) => {
    return { topic, partition, offset: targetOffset(offset), metadata: '' };
  });
  const outcomes = (await groups.commit(new Map([[group, wanted]]))).get(group) ?? [];
  const refused = outcomes.find(({ kind }) => kind === 'refused');
  if (outcomes.length !== wanted.length || refused) throw new Error(`${group}: ${JSON.stringify(refused)}`);
}

/** @throws Error when the group has none */
export async function committedOffset<O extends number>(
  groups: ConsumerGroups<O>,
  group: string,
  { topic, partition }: TopicPartition,
): Promise<O> {
  const told = (await groups.committed([group])).get(group);
  const committed = told && isTold(told) ? told.get(topic)?.get(partition) : undefined;
  if (!committed || !isTold(committed)) throw new Error(`${group} has no offset of ${topic}-${partition}`);
  return committed.offset;
}
