import type { KafkaCluster } from '../../shared/adapters/kafka/cluster.ts';
import { KafkaSourceLog } from '../../shared/adapters/kafka/source-log.ts';
import { KafkaTargetLog } from '../../shared/adapters/kafka/target-log.ts';
import { transactionalIdOf } from '../../shared/adapters/kafka/transactional-id.ts';
import { PartitionAppender } from '../../shared/append/append.ts';
import { type AppendObserver, type AppendSettings, defaultAppendSettings } from '../../shared/append/context.ts';
import type { Clock, HeadStore, Quarantine } from '../../shared/append/ports.ts';
import type { Producers } from '../../shared/reconcile/renew.ts';
import { BatchEncoder } from '../../shared/records/batch.ts';
import { codecs } from '../../shared/records/codec.ts';
import type { KafkaRecord } from '../../shared/records/record.ts';

export interface ProducersOptions {
  readonly heads: HeadStore;
  readonly quarantine: Quarantine<KafkaRecord>;
  readonly clock: Clock;
  readonly settings: Partial<AppendSettings>;
  /** Connected when a partition is first taken over. */
  readonly source: () => Promise<KafkaCluster>;
  readonly target: () => Promise<KafkaCluster>;
  /** Names this execution environment in HEAD. */
  readonly invocation: string;
}

/** Nothing is appended here, so nothing is encoded and no batch has a size. */
const ENCODER = new BatchEncoder({ codec: codecs.none, origin: undefined });
const MAX_MESSAGE_BYTES = 1_048_588;

const SILENT: AppendObserver = { tookOver: () => {}, settled: () => {}, recorded: () => {}, retried: () => {} };

/** The producers that `replicate` appends with, by the same HEADs and the same transactional ids. */
export function partitionProducers(options: ProducersOptions): Producers {
  const { heads, quarantine, clock, settings, invocation } = options;
  return {
    head: (partition) => heads.read(partition),
    renew: async (place, { consumerGroup }, deadline) => {
      const { topic, remoteTopic, partition } = place;
      const [source, target] = await Promise.all([options.source(), options.target()]);
      const signal = AbortSignal.timeout(Math.max(1, deadline - clock.now()));
      const appender = new PartitionAppender<KafkaRecord>({
        partition: place,
        target: new KafkaTargetLog(target, {
          topic: remoteTopic,
          partition,
          transactionalId: transactionalIdOf(consumerGroup, partition),
          encoder: ENCODER,
          maxMessageBytes: MAX_MESSAGE_BYTES,
          signal,
        }),
        source: new KafkaSourceLog(source, { topic, partition, signal }),
        heads,
        quarantine,
        clock,
        observer: SILENT,
        settings: { ...defaultAppendSettings, ...settings },
      });
      return appender.fence('renewal', { deadline, invocation });
    },
  };
}
