import type { KafkaCluster } from '../shared/adapters/kafka/cluster.ts';
import { KafkaTargetLog } from '../shared/adapters/kafka/target-log.ts';
import { transactionalIdOf } from '../shared/adapters/kafka/transactional-id.ts';
import { PartitionAppender } from '../shared/append/append.ts';
import { type AppendSettings, defaultAppendSettings, silentObserver } from '../shared/append/context.ts';
import type { Clock, HeadStore, Quarantine, SourceLog } from '../shared/append/ports.ts';
import type { FlowPartition } from '../shared/flow/flow.ts';
import type { TopicItem } from '../shared/ledger/topic-registry.ts';
import { BatchEncoder } from '../shared/records/batch.ts';
import { codecs } from '../shared/records/codec.ts';
import type { KafkaRecord } from '../shared/records/record.ts';

export interface PartitionAppendersOptions {
  readonly heads: HeadStore;
  readonly clock: Clock;
  readonly settings: Partial<AppendSettings>;
  /** Connected when a partition is first taken over. */
  readonly target: () => Promise<KafkaCluster>;
}

/** Of one partition, for a call that ends by `deadline` (ms since the epoch). */
export type PartitionAppenders = (
  partition: FlowPartition,
  item: TopicItem,
  deadline: number,
) => Promise<PartitionAppender<KafkaRecord>>;

/** Nothing is appended here, so nothing is encoded, no batch has a size, and the source is not asked. */
const ENCODER = new BatchEncoder({ codec: codecs.none, origin: undefined });
const MAX_MESSAGE_BYTES = 1_048_588;
const UNASKED = async (): Promise<never> => {
  throw new Error('a take-over without a delivery asks nothing of the source');
};
const SOURCE: SourceLog<KafkaRecord> = {
  state: UNASKED,
  endOfLeaderEpoch: UNASKED,
  logStart: UNASKED,
  logEnd: UNASKED,
  holds: UNASKED,
  hasRecords: UNASKED,
};
const QUARANTINE: Quarantine<KafkaRecord> = { put: UNASKED };

/** What takes partitions over without a delivery: by the same HEADs and transactional ids as `replicate`. */
export function partitionAppenders({ heads, clock, settings, ...to }: PartitionAppendersOptions): PartitionAppenders {
  return async (place, { consumerGroup }, deadline) => {
    const { remoteTopic, partition } = place;
    const target = new KafkaTargetLog(await to.target(), {
      topic: remoteTopic,
      partition,
      transactionalId: transactionalIdOf(consumerGroup, partition),
      encoder: ENCODER,
      maxMessageBytes: MAX_MESSAGE_BYTES,
      signal: AbortSignal.timeout(Math.max(1, deadline - clock.now())),
    });
    return new PartitionAppender<KafkaRecord>({
      partition: place,
      target,
      source: SOURCE,
      heads,
      quarantine: QUARANTINE,
      clock,
      observer: silentObserver,
      settings: { ...defaultAppendSettings, ...settings },
    });
  };
}
