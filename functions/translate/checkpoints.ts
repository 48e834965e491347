import type { KafkaCluster } from '../../shared/adapters/kafka/cluster.ts';
import { readLog } from '../../shared/adapters/kafka/read-log.ts';
import { lastCheckpointsOf } from '../../shared/client/translate/last-checkpoints.ts';
import type { LastCheckpoints } from '../../shared/client/translate/ports.ts';
import type { LoggedRecord } from '../../shared/mm2/mirror-log.ts';
import { decodeBatches } from '../../shared/records/decode.ts';

const TIMEOUT_MS = 8_000;

/**
 * What the checkpoints topic says of a group last.
 * @throws CausewayError when it is not there, or cannot be read in time
 */
export async function readLastCheckpoints(
  cluster: KafkaCluster,
  topic: string,
  group: string,
): Promise<LastCheckpoints | undefined> {
  const records: LoggedRecord[] = [];
  const place = { topic, partition: 0, signal: AbortSignal.timeout(TIMEOUT_MS) };
  for await (const { log } of readLog(cluster, place, 0))
    for (const batch of decodeBatches(log)) if (!batch.header.control) records.push(...batch.records);
  return lastCheckpointsOf(records, group);
}
