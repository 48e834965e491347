import type { LogBounds } from '../../append/ports.ts';
import { targetOffset } from '../../flow/offset.ts';
import { apis, CONSUMER_REPLICA, EARLIEST, LATEST, READ_UNCOMMITTED } from './apis.ts';
import type { KafkaCluster } from './cluster.ts';
import { UnknownTopicError } from './errors.ts';
import { rights } from './rights.ts';

export interface TopicPartitionName {
  readonly topic: string;
  readonly partition: number;
}

/** A partition to be asked about, and the signal that ends the asking. */
export interface Place extends TopicPartitionName {
  readonly signal: AbortSignal | undefined;
}

/** What ListOffsets tells for `EARLIEST` (log start) or `LATEST` (high watermark). */
export async function listOffset(cluster: KafkaCluster, place: Place, timestamp: bigint): Promise<number> {
  const { topic, partition, signal } = place;
  return cluster.callLeader(topic, partition, {
    request: `ListOffsets of ${topic}-${partition}`,
    subject: `partition ${topic}-${partition}`,
    needs: rights.describeTopic(topic),
    signal,
    run: async (connection, currentLeaderEpoch) => {
      const { topics } = await connection.call(apis.listOffsets, CONSUMER_REPLICA, READ_UNCOMMITTED, [
        { name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch, timestamp }] },
      ]);
      const offset = topics[0]?.partitions[0]?.offset;
      if (offset === undefined) throw new RangeError(`ListOffsets answer without ${topic}-${partition}`);
      return Number(offset);
    },
  });
}

export async function logBounds(cluster: KafkaCluster, place: Place): Promise<LogBounds> {
  const [start, end] = await Promise.all([listOffset(cluster, place, EARLIEST), listOffset(cluster, place, LATEST)]);
  return { logStart: targetOffset(start), highWatermark: targetOffset(end) };
}

/**
 * First offset after the last one written under `leaderEpoch` or before. The log's end when its leader has never heard of
 * that epoch.
 */
export async function endOfLeaderEpoch(cluster: KafkaCluster, place: Place, leaderEpoch: number): Promise<number> {
  const { topic, partition, signal } = place;
  const end = await cluster.callLeader(topic, partition, {
    request: `OffsetForLeaderEpoch ${leaderEpoch} of ${topic}-${partition}`,
    subject: `partition ${topic}-${partition}`,
    needs: rights.describeTopic(topic),
    signal,
    run: async (connection, currentLeaderEpoch) => {
      const { topics } = await connection.call(apis.offsetForLeaderEpoch, CONSUMER_REPLICA, [
        { name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch, leaderEpoch }] },
      ]);
      return Number(topics[0]?.partitions[0]?.endOffset ?? -1);
    },
  });
  return end < 0 ? listOffset(cluster, place, LATEST) : end;
}

/** `listOffset` of many partitions, by `topic-partition`: one request to each leader; after a leader change all of it again. */
export async function listOffsets(
  cluster: KafkaCluster,
  asked: readonly TopicPartitionName[],
  timestamp: bigint,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, number>> {
  const topics = [...new Set(asked.map(({ topic }) => topic))];
  return cluster.call({
    request: `ListOffsets of ${topics.join(', ')}`,
    subject: `topic ${topics.join(', ')}`,
    needs: rights.describeTopic(topics.join(', ')),
    signal,
    to: async () => 'any',
    run: async () => {
      const metadata = await cluster.metadata(topics, signal);
      const byLeader = Map.groupBy(asked, ({ topic, partition }) => {
        const found = metadata.topics.get(topic)?.partitions.get(partition);
        if (found === undefined) throw new UnknownTopicError(cluster.alias, `partition ${topic}-${partition}`);
        return found.leader;
      });
      const answers = [...byLeader].map(([leader, partitions]) =>
        listOffsetsAt(cluster, leader, partitions, timestamp),
      );
      return new Map((await Promise.all(answers)).flat());
    },
  });
}

async function listOffsetsAt(
  cluster: KafkaCluster,
  leader: number,
  asked: readonly TopicPartitionName[],
  timestamp: bigint,
) {
  const byTopic = [...Map.groupBy(asked, ({ topic }) => topic)].map(([name, partitions]) => ({
    name,
    partitions: partitions.map(({ partition }) => ({ partitionIndex: partition, currentLeaderEpoch: -1, timestamp })),
  }));
  const connection = await cluster.connectionTo(leader);
  const { topics } = await connection.call(apis.listOffsets, CONSUMER_REPLICA, READ_UNCOMMITTED, byTopic);
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, offset }) => [`${name}-${partitionIndex}`, Number(offset)] as const),
  );
}
