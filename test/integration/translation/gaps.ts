import { deleteRecordsV2 } from '@platformatic/kafka';
import { until } from '../../../local/region/until.ts';
import type { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { rights } from '../../../shared/adapters/kafka/rights.ts';
import { KafkaSourceLog } from '../../../shared/adapters/kafka/source-log.ts';
import { sourceOffset } from '../../../shared/flow/offset.ts';
import type { TopicPartition } from '../../../shared/mm2/topic-partition.ts';

/** A topic that is compacted as soon as the cleaner looks, and open to retention, too. */
export const GAPPY_TOPIC = {
  'cleanup.policy': 'compact,delete',
  'retention.ms': '-1',
  'segment.ms': '1000',
  'min.cleanable.dirty.ratio': '0.001',
};
/** Beyond `segment.ms`: a record with such a timestamp begins a segment, and the ones before it may be cleaned. */
export const NEXT_SEGMENT_MS = 5_000;

export const COMPACTED_WITHIN_MS = 180_000;
/** Offsets that are looked at to see whether the cleaner is through. */
const LOOKED_AT = 20;
const DELETED_WITHIN_MS = 5_000;

/** @param replaced offsets of records that the log cleaner has to remove */
export async function untilCompacted(
  cluster: KafkaCluster,
  place: TopicPartition,
  replaced: readonly number[],
): Promise<void> {
  const step = Math.max(1, Math.floor(replaced.length / LOOKED_AT));
  const looked = replaced.filter((_, i) => (replaced.length - 1 - i) % step === 0);
  const log = new KafkaSourceLog(cluster, place);
  const isGone = async (offset: number) => !(await log.hasRecords(sourceOffset(offset), sourceOffset(offset + 1)));
  await until(
    async () => (await Promise.all(looked.map(isGone))).every(Boolean),
    COMPACTED_WITHIN_MS,
    (last) => new Error(`${place.topic}-${place.partition} was not compacted: ${last}`),
  );
}

/** Moves a log's start to `offset`, as retention does. */
export async function cutByRetention(
  cluster: KafkaCluster,
  { topic: name, partition }: TopicPartition,
  offset: number,
): Promise<void> {
  await cluster.callLeader(name, partition, {
    request: `DeleteRecords of ${name}-${partition}`,
    subject: `partition ${name}-${partition}`,
    needs: rights.alterTopic(name),
    signal: undefined,
    run: (connection) => {
      const partitions = [{ partitionIndex: partition, offset: BigInt(offset) }];
      return connection.call([deleteRecordsV2.api], [{ name, partitions }], DELETED_WITHIN_MS);
    },
  });
}
