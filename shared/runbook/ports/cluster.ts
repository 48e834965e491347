import type { Untold } from '../../groups/committed-offsets.ts';
import type { PartitionLogs } from '../../groups/ports.ts';
import type { TopicPartition } from '../../mm2/topic-partition.ts';

/** Whether one broker answers a question that any broker answers at once. */
export interface BrokerProbe {
  /** `host:port` */
  readonly broker: string;
  readonly answers: boolean;
  /** ms */
  readonly tookMs: number;
  /** Why it does not. */
  readonly because: string | undefined;
}

export interface PartitionHealth {
  readonly partition: number;
  /** Broker id; undefined: none at the moment. */
  readonly leader: number | undefined;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
}

/** A producer that a partition's leader remembers, as `DescribeProducers` tells. Those without idempotence are none. */
export interface ActiveProducer {
  readonly producerId: string;
  readonly epoch: number;
  /** -1: nothing under this epoch yet. */
  readonly lastSequence: number;
  /** Of its newest record, ms since the epoch; -1 none. */
  readonly lastTimestamp: number;
  /** First offset of its open transaction. */
  readonly transactionStart: number | undefined;
}

/** By topic, then by partition; each partition that was asked for has an answer, or the code of why there is none. */
export type ByPartition<T> = ReadonlyMap<string, ReadonlyMap<number, T | Untold>>;

/** A record written to a topic of Causeway's own, and read from it by its offset. */
export interface RoundTrip {
  readonly topic: string;
  readonly offset: number;
  /** ms */
  readonly writtenAfterMs: number;
  readonly readAfterMs: number;
}

/** A record as a consumer sees it, without its payload. */
export interface RecordDigest {
  readonly offset: number;
  /** The same for records with the same key, value, headers and timestamp, wherever they stand. */
  readonly digest: string;
}

/** One of the two clusters. Every call has a bound of its own: a broker that takes connections and answers nothing ends it. */
export interface RunbookCluster {
  readonly alias: string;
  /** Every broker that is configured or listed, each asked by itself. Never throws for what a broker does. */
  probe(): Promise<readonly BrokerProbe[]>;
  /** By name; topics that are not there are absent. @throws CausewayError when no broker answers */
  health(topics: readonly string[]): Promise<ReadonlyMap<string, readonly PartitionHealth[]>>;
  /** Log starts and high watermarks. @throws CausewayError when no broker answers */
  ends(partitions: readonly TopicPartition[]): Promise<PartitionLogs<number>>;
  /** Where consumers that read only what is committed stop. @throws CausewayError when no broker answers */
  stableEnds(partitions: readonly TopicPartition[]): Promise<ByPartition<number>>;
  /** @throws CausewayError when no broker answers */
  producers(partitions: readonly TopicPartition[]): Promise<ByPartition<readonly ActiveProducer[]>>;
  /** Of the producer ids that are in a transaction or were lately. @throws CausewayError when no broker answers */
  transactionalIds(): Promise<ReadonlyMap<string, string>>;
  /** The first records from an offset on that a consumer of committed records gets. @throws CausewayError */
  records(place: TopicPartition, from: number, most: number): Promise<readonly RecordDigest[]>;
  /** @param text of the record. @throws CausewayError */
  roundTrip(text: string): Promise<RoundTrip>;
}
