import type { KafkaCluster } from '../../shared/adapters/kafka/cluster.ts';
import { UnknownTopicError } from '../../shared/adapters/kafka/errors.ts';
import { logBounds } from '../../shared/adapters/kafka/log-ends.ts';
import { readLog } from '../../shared/adapters/kafka/read-log.ts';
import { presenceOf } from '../../shared/adapters/kafka/topic-presence.ts';
import type { TopicItem } from '../../shared/ledger/topic-registry.ts';
import { type CheckpointKey, decodeCheckpointKey } from '../../shared/mm2/checkpoint.ts';
import { LatestCheckpoints } from '../../shared/mm2/latest-checkpoints.ts';
import { describeTopicPartition } from '../../shared/mm2/topic-partition.ts';
import { decodeBatches } from '../../shared/records/decode.ts';
import type { LastKnownOffset, LastKnownOffsets } from '../../shared/runbook/ports/groups.ts';

const PARTITION = 0;
const TIMEOUT_MS = 5_000;
const CHECKPOINTS_TIMEOUT_MS = 9_000;
/** Of the copy's end: heartbeats of every flow that writes to the source. */
const NEWEST = 20;

type Offsets = Map<string, Map<number, LastKnownOffset>>;

/** Time of the newest heartbeat in a copy of a cluster's heartbeats, ms since the epoch; undefined: there is none. */
export async function newestHeartbeat(cluster: KafkaCluster, topic: string): Promise<number | undefined> {
  const place = { topic, partition: PARTITION, signal: AbortSignal.timeout(TIMEOUT_MS) };
  try {
    const { logStart, highWatermark } = await logBounds(cluster, place);
    let newest: number | undefined;
    for await (const { log } of readLog(cluster, place, Math.max(logStart, highWatermark - NEWEST)))
      for (const { header, records } of decodeBatches(log))
        for (const { timestamp } of header.control ? [] : records) newest = Math.max(newest ?? 0, timestamp);
    return newest;
  } catch (error) {
    if (error instanceof UnknownTopicError) return undefined;
    throw error;
  }
}

/** What a flow's checkpoints say of the groups of its source; undefined where they say nothing. */
export async function lastKnownOffsets(
  cluster: KafkaCluster,
  checkpointsTopic: string,
  topics: readonly TopicItem[],
  covers: (group: string) => boolean,
): Promise<LastKnownOffsets | undefined> {
  const signal = AbortSignal.timeout(CHECKPOINTS_TIMEOUT_MS);
  // None were ever written. Reading would wait for the topic.
  if ((await presenceOf(cluster, checkpointsTopic, signal)) === 'gone') return undefined;
  const latest = new LatestCheckpoints();
  const writtenAt = new Map<string, number>();
  let at = 0;
  const place = { topic: checkpointsTopic, partition: PARTITION, signal };
  for await (const { log } of readLog(cluster, place, 0))
    for (const { header, records } of decodeBatches(log))
      for (const record of header.control ? [] : records)
        if (latest.read(record) === undefined) {
          at = Math.max(at, record.timestamp);
          writtenAt.set(nameOf(decodeCheckpointKey(record.key)), record.timestamp);
        }
  const names = new Map(topics.map(({ topic, remoteTopic }) => [remoteTopic, topic]));
  const groups = [...latest.groups()].filter(covers).map((group): [string, Offsets] => {
    const offsets: Offsets = new Map();
    for (const checkpoint of latest.of(group)) {
      const { partition, upstreamOffset: offset, metadata } = checkpoint;
      const topic = names.get(checkpoint.topic);
      if (topic === undefined) continue;
      const ofTopic = offsets.get(topic) ?? new Map<number, LastKnownOffset>();
      const known = { offset, leaderEpoch: -1, metadata, writtenAt: writtenAt.get(nameOf(checkpoint)) ?? at };
      offsets.set(topic, ofTopic.set(partition, known));
    }
    return [group, offsets];
  });
  return at === 0 ? undefined : { at, offsets: new Map(groups) };
}

function nameOf({ group, ...place }: CheckpointKey): string {
  return `${group} ${describeTopicPartition(place)}`;
}
