import { deleteRecordsV2, type incrementalAlterConfigsV1 } from '@platformatic/kafka';
import { until } from '../../../local/region/until.ts';
import { apis } from '../../../shared/adapters/kafka/apis.ts';
import type { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { rights } from '../../../shared/adapters/kafka/rights.ts';
import { KafkaSourceLog } from '../../../shared/adapters/kafka/source-log.ts';
import { sourceOffset } from '../../../shared/flow/offset.ts';
import type { TopicPartition } from '../../../shared/mm2/topic-partition.ts';

/** Longer than the writing of a half takes anywhere, and less than how far ahead brokers let a timestamp be (an hour). */
const SEGMENT_MS = 1_200_000;

/**
 * A topic that is compacted as soon as the cleaner looks, and open to retention, too. Its segments do not end while a half is
 * written: of an aborted transaction whose marker is in the next one the cleaner leaves a batch without records at the end of a
 * segment, over which kafkajs never reads on.
 */
export const GAPPY_TOPIC = {
  'cleanup.policy': 'compact,delete',
  'retention.ms': '-1',
  'segment.ms': `${SEGMENT_MS}`,
  'min.cleanable.dirty.ratio': '0.001',
};
/** Beyond `segment.ms`: a record with such a timestamp begins a segment, and the ones before it may be cleaned. */
export const NEXT_SEGMENT_MS = 2 * SEGMENT_MS;

export const COMPACTED_WITHIN_MS = 180_000;
/** Offsets that are looked at to see whether the cleaner is through. */
const LOOKED_AT = 20;
const DELETED_WITHIN_MS = 5_000;
/** Kafka's `ConfigResource.Type.BROKER`; without a name it is all brokers. */
const BROKERS = { resourceType: 4, resourceName: '' } as const;
/** IncrementalAlterConfigs' operations. */
const SET = 0;
const DELETE = 1;
const CLEANER_BACKOFF = 'log.cleaner.backoff.ms';

type BrokerConfig = Parameters<typeof incrementalAlterConfigsV1.createRequest>[0][number]['configs'][number];

/** The cleaner of every broker looks twice a second instead of every 15 seconds, until this is disposed of. */
export async function hastenLogCleaner(cluster: KafkaCluster): Promise<AsyncDisposable> {
  await alterBrokers(cluster, { name: CLEANER_BACKOFF, configOperation: SET, value: '500' });
  return {
    [Symbol.asyncDispose]: () => alterBrokers(cluster, { name: CLEANER_BACKOFF, configOperation: DELETE }),
  };
}

async function alterBrokers(cluster: KafkaCluster, config: BrokerConfig): Promise<void> {
  await cluster.call({
    request: `IncrementalAlterConfigs of ${config.name}`,
    subject: 'the cluster',
    needs: { acl: 'AlterConfigs on the cluster', iamAction: 'kafka-cluster:AlterClusterDynamicConfiguration' },
    signal: undefined,
    to: async () => 'any',
    run: (connection) => connection.call(apis.incrementalAlterConfigs, [{ ...BROKERS, configs: [config] }], false),
  });
}

/** @param replaced offsets of records that the log cleaner has to remove */
export async function untilCompacted(
  cluster: KafkaCluster,
  place: TopicPartition,
  replaced: readonly number[],
): Promise<void> {
  const step = Math.max(1, Math.floor(replaced.length / LOOKED_AT));
  const looked = replaced.filter((_, i) => (replaced.length - 1 - i) % step === 0);
  const log = new KafkaSourceLog(cluster, place);
  const isThere = (offset: number) => log.hasRecords(sourceOffset(offset), sourceOffset(offset + 1));
  let there = looked;
  await until(
    async () => {
      const found = await Promise.all(there.map(isThere));
      there = there.filter((_, i) => found[i]);
      return there.length === 0;
    },
    COMPACTED_WITHIN_MS,
    (last) => new Error(`${place.topic}-${place.partition} was not compacted, offsets ${there} are there: ${last}`),
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
