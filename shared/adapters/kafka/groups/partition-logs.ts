import type { Untold } from '../../../groups/committed-offsets.ts';
import type { PartitionLog, PartitionLogs } from '../../../groups/ports.ts';
import type { TopicPartition } from '../../../mm2/topic-partition.ts';
import { apis, CONSUMER_REPLICA, EARLIEST, LATEST, READ_UNCOMMITTED } from '../apis.ts';
import type { KafkaCluster } from '../cluster.ts';
import { Backoff, unlessAborted } from '../deadline.ts';
import { listedOffsets } from '../listed-offsets.ts';
import type { ClusterMetadata } from '../metadata.ts';
import { codeOf } from './answer.ts';
import { failureCode } from './failure-code.ts';

export interface PartitionLogsOptions<O extends number> {
  /** Brands an offset with the side of the flow that the cluster is on. */
  readonly toOffset: (value: number) => O;
  readonly signal: AbortSignal;
}

const UNKNOWN = 'UNKNOWN_TOPIC_OR_PARTITION';

/** A leader that has just moved, or a topic that has just been made, is asked about again so often. */
const MOST_ROUNDS = 4;
const PASSING = new Set(['NOT_LEADER_OR_FOLLOWER', 'LEADER_NOT_AVAILABLE', 'KAFKA_UNREACHABLE']);

/**
 * Where the logs of many partitions begin and end: the metadata of their topics, then two requests to each leader. A
 * partition that is missing, has no leader or whose leader does not answer keeps no other from being told.
 * @throws CausewayError when no broker tells metadata
 */
export async function partitionLogs<O extends number>(
  cluster: KafkaCluster,
  asked: readonly TopicPartition[],
  { toOffset, signal }: PartitionLogsOptions<O>,
): Promise<PartitionLogs<O>> {
  const logs = new Map<string, Map<number, PartitionLog<O> | Untold>>();
  const backoff = new Backoff(Number.POSITIVE_INFINITY, signal);
  let pending = distinct(asked);
  for (let round = 1; pending.length > 0; round++) {
    const again: TopicPartition[] = [];
    for (const [each, log] of await askOnce(cluster, pending, signal)) {
      if ('code' in log && PASSING.has(log.code)) again.push(each);
      const branded = 'code' in log ? log : { ...log, logStart: toOffset(log.logStart), logEnd: toOffset(log.logEnd) };
      const ofTopic = logs.get(each.topic);
      if (ofTopic) ofTopic.set(each.partition, branded);
      else logs.set(each.topic, new Map([[each.partition, branded]]));
    }
    pending = round < MOST_ROUNDS && again.length > 0 && (await backoff.pause()) ? again : [];
  }
  return logs;
}

/** Brokers refuse a request that names a partition twice. */
function distinct(asked: readonly TopicPartition[]): readonly TopicPartition[] {
  return [...new Map(asked.map((each) => [`${each.topic}-${each.partition}`, each])).values()];
}

type Answer = readonly [TopicPartition, PartitionLog<number> | Untold];

async function askOnce(
  cluster: KafkaCluster,
  asked: readonly TopicPartition[],
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const metadata = await cluster.metadata([...new Set(asked.map(({ topic }) => topic))], signal);
  const byLeader = Map.groupBy(asked, (each) => leaderOf(metadata, each));
  const answers = [...byLeader].map(async ([leader, partitions]) => {
    const ends =
      typeof leader === 'string'
        ? leader
        : await unlessAborted(endsAt(cluster, leader, partitions), signal).catch(failureCode);
    return partitions.map((each): Answer => {
      const end = typeof ends === 'string' ? ends : ends(each);
      if (typeof end === 'string') return [each, { code: end }];
      return [each, { topicId: metadata.topics.get(each.topic)?.topicId ?? '', ...end }];
    });
  });
  return (await Promise.all(answers)).flat();
}

/** The leader's broker id, or why there is none. */
function leaderOf(metadata: ClusterMetadata, { topic, partition }: TopicPartition): number | string {
  const refused = metadata.refused.get(topic);
  if (refused !== undefined) return codeOf(refused);
  const leader = metadata.topics.get(topic)?.partitions.get(partition)?.leader;
  if (leader === undefined) return UNKNOWN;
  return leader < 0 ? 'LEADER_NOT_AVAILABLE' : leader;
}

type Ends = { readonly logStart: number; readonly logEnd: number };

async function endsAt(
  cluster: KafkaCluster,
  leader: number,
  partitions: readonly TopicPartition[],
): Promise<(partition: TopicPartition) => Ends | string> {
  const [starts, ends] = await Promise.all([
    listAt(cluster, leader, partitions, EARLIEST),
    listAt(cluster, leader, partitions, LATEST),
  ]);
  return ({ topic, partition }) => {
    const logStart = starts.get(topic)?.get(partition) ?? UNKNOWN;
    const logEnd = ends.get(topic)?.get(partition) ?? UNKNOWN;
    if (typeof logStart === 'string') return logStart;
    return typeof logEnd === 'string' ? logEnd : { logStart, logEnd };
  };
}

/** By topic, then by partition: the offset, or the code of the leader's error. */
async function listAt(
  cluster: KafkaCluster,
  leader: number,
  asked: readonly TopicPartition[],
  timestamp: bigint,
): Promise<ReadonlyMap<string, ReadonlyMap<number, number | string>>> {
  const byTopic = [...Map.groupBy(asked, ({ topic }) => topic)].map(([name, partitions]) => ({
    name,
    partitions: partitions.map(({ partition }) => ({ partitionIndex: partition, currentLeaderEpoch: -1, timestamp })),
  }));
  const connection = await cluster.connectionTo(leader);
  const { topics } = await connection
    .call(apis.listOffsets, CONSUMER_REPLICA, READ_UNCOMMITTED, byTopic)
    .catch(listedOffsets);
  return new Map(
    topics.map(({ name, partitions }) => [
      name,
      new Map(
        partitions.map(({ partitionIndex, errorCode, offset }) => [
          partitionIndex,
          errorCode === 0 ? Number(offset) : codeOf(errorCode),
        ]),
      ),
    ]),
  );
}
