import type { ClusterMetadata } from '../adapters/kafka/metadata.ts';
import { describeTopicPartition } from '../mm2/topic-partition.ts';

/** Why one failure more could lose or stop a partition. */
export const Risk = {
  /** Brokers that have replicas of it are not in step, or not there. */
  UnderReplicated: 'under-replicated',
  /** Brokers are in several racks, and all of its replicas in one. */
  OneRack: 'one-rack',
} as const;
export type Risk = (typeof Risk)[keyof typeof Risk];

export interface PartitionAtRisk {
  /** `orders-3` */
  readonly partition: string;
  readonly risk: Risk;
}

/** Of the topics that are asked about, partitions that are placed badly now; those with one replica are meant to be. */
export function partitionsAtRisk(
  { brokers, racks, topics }: Pick<ClusterMetadata, 'brokers' | 'racks' | 'topics'>,
  names: readonly string[],
): readonly PartitionAtRisk[] {
  const isSpread = racks.size === brokers.size && new Set(racks.values()).size > 1;
  return names.flatMap((topic) =>
    [...(topics.get(topic)?.partitions.values() ?? [])].flatMap(({ partition, replicas, inSyncReplicas }) => {
      const name = describeTopicPartition({ topic, partition });
      const risks: PartitionAtRisk[] = [];
      if (inSyncReplicas.length < replicas.length) risks.push({ partition: name, risk: Risk.UnderReplicated });
      const own = new Set(replicas.map((broker) => racks.get(broker)));
      if (isSpread && replicas.length > 1 && own.size === 1 && !own.has(undefined))
        risks.push({ partition: name, risk: Risk.OneRack });
      return risks;
    }),
  );
}
