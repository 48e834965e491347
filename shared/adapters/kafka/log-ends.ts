import type { LogBounds } from '../../append/ports.ts';
import { targetOffset } from '../../flow/offset.ts';
import { apis, CONSUMER_REPLICA, EARLIEST, LATEST, READ_UNCOMMITTED } from './apis.ts';
import type { KafkaCluster } from './cluster.ts';
import { rights } from './rights.ts';

/** A partition to be asked about, and the signal that ends the asking. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
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
