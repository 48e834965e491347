import { CausewayError } from '../flow/errors.ts';
import { isTold } from '../groups/committed-offsets.ts';
import { type FlowFacts, known, type RecordTimes, timeKey } from './facts.ts';
import type { RecordPlace, StatusPorts } from './ports.ts';

type UntimedFacts = Omit<FlowFacts, 'times' | 'late' | 'readAt'>;

/** Records asked for at a time; each is a fetch of one batch. */
const SIDE_BY_SIDE = 32;
const TIME_MS = 10_000;

/**
 * Of every partition that is behind, and every group's, how old the first record is that is missing. Topics, and what is
 * furthest behind of them, come first: where time runs out, the ages of others are left open.
 */
export async function readTimes(ports: StatusPorts, facts: UntimedFacts): Promise<RecordTimes> {
  const times = new Map<string, number>();
  const until = ports.now() + TIME_MS;
  const queue = wanted(facts).values();
  const worker = async () => {
    for (const [key, place] of queue) {
      if (ports.now() > until) return;
      const time = await timeOf(ports, place);
      if (time !== undefined) times.set(key, time);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return times;
}

/** Not known where it may not be read: the rest of the status does not hang on that. */
async function timeOf(ports: StatusPorts, place: RecordPlace): Promise<number | undefined> {
  try {
    return await ports.recordTime('source', place);
  } catch (error) {
    if (error instanceof CausewayError) return undefined;
    throw error;
  }
}

interface Behind extends RecordPlace {
  readonly records: number;
}

function wanted({ map, sourceSide, groups }: UntimedFacts): readonly (readonly [string, RecordPlace])[] {
  const logs = known(sourceSide)?.logs;
  const behind = (topic: string, partition: number, offset: number | undefined): readonly Behind[] => {
    const log = logs?.get(topic)?.get(partition);
    if (log === undefined || !isTold(log)) return [];
    const from = Math.max(offset ?? 0, log.logStart);
    return from < log.logEnd ? [{ topic, partition, offset: from, records: log.logEnd - from }] : [];
  };
  const ofTopics = (known(map)?.partitions ?? []).flatMap(({ topic, partition, head }) =>
    head !== undefined && !isTold(head) ? [] : behind(topic, partition, head?.nextSource),
  );
  const ofGroups = (known(groups) ?? []).flatMap(({ partitions }) =>
    partitions.flatMap(({ topic, partition, committed }) =>
      committed === undefined ? [] : behind(topic, partition, committed.offset),
    ),
  );
  const byRecords = (a: Behind, b: Behind) => b.records - a.records;
  const places = [...ofTopics.toSorted(byRecords), ...ofGroups.toSorted(byRecords)];
  return [...new Map(places.map((each) => [timeKey(each.topic, each.partition, each.offset), each]))];
}
