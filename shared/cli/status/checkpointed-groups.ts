import type { KafkaCluster } from '../../adapters/kafka/cluster.ts';
import { readLog } from '../../adapters/kafka/read-log.ts';
import { decodeCheckpointKey } from '../../mm2/checkpoint.ts';
import { LatestCheckpoints } from '../../mm2/latest-checkpoints.ts';
import type { LoggedRecord } from '../../mm2/mirror-log.ts';
import { decodeBatches } from '../../records/decode.ts';
import type { CheckpointedGroup } from './facts.ts';

const TIMEOUT_MS = 8_000;

/**
 * What a checkpoints topic says of each group last.
 * @throws CausewayError when it is not there, or cannot be read in time
 */
export async function readCheckpointedGroups(
  cluster: KafkaCluster,
  topic: string,
): Promise<readonly CheckpointedGroup[]> {
  const records: LoggedRecord[] = [];
  const place = { topic, partition: 0, signal: AbortSignal.timeout(TIMEOUT_MS) };
  for await (const { log } of readLog(cluster, place, 0))
    for (const batch of decodeBatches(log)) if (!batch.header.control) records.push(...batch.records);
  return checkpointedGroups(records);
}

/** @param records of a checkpoints topic, in their order; those that are no checkpoints are passed over */
export function checkpointedGroups(records: Iterable<LoggedRecord>): readonly CheckpointedGroup[] {
  const latest = new LatestCheckpoints();
  const times = new Map<string, number>();
  for (const record of records) {
    if (latest.read(record) !== undefined) continue;
    const { group } = decodeCheckpointKey(record.key);
    times.set(group, Math.max(times.get(group) ?? 0, record.timestamp));
  }
  return [...latest.groups()].map((group) => {
    return { group, at: times.get(group) ?? 0, partitions: latest.of(group).length };
  });
}
