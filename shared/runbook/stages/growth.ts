import type { Clock } from '../../append/ports.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import type { PartitionLogs } from '../../groups/ports.ts';
import { describeTopicPartition, type TopicPartition } from '../../mm2/topic-partition.ts';
import type { RunbookCluster } from '../ports/cluster.ts';

export interface Growth extends TopicPartition {
  /** Offsets by which the high watermark has moved. */
  readonly records: number;
}

export interface Watched {
  readonly grown: readonly Growth[];
  /** Partitions of which one of the two looks told nothing: `orders-3: LEADER_NOT_AVAILABLE`. */
  readonly untold: readonly string[];
}

/** Looks at the high watermarks of partitions twice. @throws CausewayError when no broker answers */
export async function growthOver(
  cluster: RunbookCluster,
  partitions: readonly TopicPartition[],
  windowMs: number,
  clock: Clock,
): Promise<Watched> {
  const before = await cluster.ends(partitions);
  await clock.wait(windowMs);
  return compared(partitions, before, await cluster.ends(partitions));
}

function compared(
  partitions: readonly TopicPartition[],
  before: PartitionLogs<number>,
  after: PartitionLogs<number>,
): Watched {
  const grown: Growth[] = [];
  const untold: string[] = [];
  for (const { topic, partition } of partitions) {
    const [first, second] = [before, after].map((logs) => logs.get(topic)?.get(partition) ?? NOT_TOLD);
    const silent = [first, second].find((log) => log !== undefined && !isTold(log));
    if (!first || !second || !isTold(first) || !isTold(second)) {
      const code = silent && !isTold(silent) ? silent.code : NOT_TOLD.code;
      untold.push(`${describeTopicPartition({ topic, partition })}: ${code}`);
    } else if (second.logEnd !== first.logEnd) {
      grown.push({ topic, partition, records: second.logEnd - first.logEnd });
    }
  }
  return { grown, untold };
}

const NOT_TOLD = { code: 'NOT_ANSWERED' } as const;
