import type { RecordSearch } from '../adapters/kafka/first-record.ts';
import { isTold } from '../groups/committed-offsets.ts';
import { describeTopicPartition } from '../mm2/topic-partition.ts';
import { dueOf } from '../offsets/due.ts';
import { type FlowFacts, known, type OldestRecords, type SourceLog, searchKey } from './facts.ts';
import type { StatusPorts } from './ports.ts';

type UntimedFacts = Omit<FlowFacts, 'oldest' | 'late' | 'readAt'>;

/**
 * Of every partition that is behind, and every group's, the first record that is missing, and of those with an open
 * transaction its first. Topics come first, each with what is furthest behind of it before any with what is less so:
 * where time runs out, the ages of others are left open.
 */
export async function readOldest(ports: StatusPorts, facts: UntimedFacts): Promise<OldestRecords> {
  const [behind, open] = [wanted(facts), undecided(facts)];
  const [committed, all] = await Promise.all([
    ports.firstRecords(behind, 'committed'),
    ports.firstRecords(open, 'all'),
  ]);
  return {
    committed: new Map(
      [...committed].map(([{ topic, partition, offset }, found]) => [searchKey(topic, partition, offset), found]),
    ),
    undecided: new Map([...all].map(([search, found]) => [describeTopicPartition(search), found])),
  };
}

function wanted({ map, sourceSide, groups }: UntimedFacts): readonly RecordSearch[] {
  const logs = known(sourceSide)?.logs;
  const behind = (topic: string, partition: number, offsetIn: (log: SourceLog) => number): readonly RecordSearch[] => {
    const log = logs?.get(topic)?.get(partition);
    if (log === undefined || !isTold(log)) return [];
    const from = Math.max(offsetIn(log), log.logStart);
    return from < log.committedEnd ? [{ topic, partition, offset: from, end: log.committedEnd }] : [];
  };
  const ofTopics = (known(map)?.partitions ?? []).flatMap(({ head, ...place }) =>
    head !== undefined && !isTold(head)
      ? []
      : behind(place.topic, place.partition, ({ logEnd }) => dueOf(place, head, logEnd)),
  );
  const ofGroups = (known(groups) ?? []).flatMap(({ partitions }) =>
    partitions.flatMap(({ topic, partition, committed }) =>
      committed === undefined ? [] : behind(topic, partition, () => committed.offset),
    ),
  );
  const places = [...eachTopicInTurn(ofTopics), ...ofGroups.toSorted(byRecords)];
  return [...new Map(places.map((each) => [searchKey(each.topic, each.partition, each.offset), each])).values()];
}

/** A topic that is slow is not kept waiting for its age by one of more records and many partitions. */
function eachTopicInTurn(searches: readonly RecordSearch[]): readonly RecordSearch[] {
  const byTopic = Map.groupBy(searches.toSorted(byRecords), ({ topic }) => topic);
  return [...byTopic.values()]
    .flatMap((ofTopic) => ofTopic.map((search, turn) => ({ search, turn })))
    .toSorted((a, b) => a.turn - b.turn || byRecords(a.search, b.search))
    .map(({ search }) => search);
}

function byRecords(a: RecordSearch, b: RecordSearch): number {
  return b.end - b.offset - (a.end - a.offset);
}

function undecided({ map, sourceSide }: UntimedFacts): readonly RecordSearch[] {
  const logs = known(sourceSide)?.logs;
  const isOpen = (log: SourceLog) => log.committedEnd < log.logEnd;
  return (known(map)?.partitions ?? []).flatMap(({ topic, partition }) => {
    const log = logs?.get(topic)?.get(partition);
    if (log === undefined || !isTold(log) || !isOpen(log)) return [];
    return [{ topic, partition, offset: Math.max(log.committedEnd, log.logStart), end: log.logEnd }];
  });
}
