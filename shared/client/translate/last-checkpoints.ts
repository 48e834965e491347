import type { KafkaCluster } from '../../adapters/kafka/cluster.ts';
import { readLog } from '../../adapters/kafka/read-log.ts';
import { decodeCheckpointKey } from '../../mm2/checkpoint.ts';
import { MalformedMirrorRecordError } from '../../mm2/errors.ts';
import { LatestCheckpoints } from '../../mm2/latest-checkpoints.ts';
import { decodeBatches } from '../../records/decode.ts';
import type { LastCheckpoints } from './ports.ts';

/** MirrorMaker 2 and Causeway write checkpoints to one partition only. */
const PARTITION = 0;
const TIMEOUT_MS = 10_000;

/**
 * What a checkpoints topic says of a group last.
 * @returns undefined when it says nothing
 * @throws CausewayError when the topic is not there or cannot be read in time
 */
export async function readLastCheckpoints(
  cluster: KafkaCluster,
  topic: string,
  group: string,
): Promise<LastCheckpoints | undefined> {
  const latest = new LatestCheckpoints();
  let at = 0;
  const place = { topic, partition: PARTITION, signal: AbortSignal.timeout(TIMEOUT_MS) };
  for await (const { log } of readLog(cluster, place, 0)) {
    for (const { header, records } of decodeBatches(log)) {
      if (header.control) continue;
      for (const record of records.filter(({ key }) => groupOf(key) === group)) {
        latest.read(record);
        at = Math.max(at, record.timestamp);
      }
    }
  }
  const offsets = latest
    .of(group)
    .map(({ topic: name, partition, upstreamOffset }) => ({ topic: name, partition, offset: upstreamOffset }));
  return offsets.length === 0 ? undefined : { at, offsets };
}

/** Undefined for a record that is no checkpoint's. */
function groupOf(key: Buffer | null): string | undefined {
  try {
    return decodeCheckpointKey(key).group;
  } catch (error) {
    if (error instanceof MalformedMirrorRecordError) return undefined;
    throw error;
  }
}
