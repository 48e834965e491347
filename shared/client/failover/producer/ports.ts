import type { CompressionTypes, Message, PartitionMetadata, RecordMetadata } from 'kafkajs';

/** What all messages of one request to a broker share. */
export interface ProduceSettings {
  readonly acks: number | undefined;
  /** ms that the broker may wait for its followers */
  readonly timeout: number | undefined;
  readonly compression: CompressionTypes | undefined;
}

/** Messages for one partition that are sent together. */
export interface PartitionRequest {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly Message[];
  readonly settings: ProduceSettings;
}

/**
 * An idempotent producer of one cluster, with a producer id of its own. Requests for one partition come one at a time; a
 * request that has failed is given again unchanged before any other of its partition, so that the broker knows it by its
 * sequence numbers.
 */
export interface ClusterProducer {
  connect(): Promise<void>;
  /** The partitions of a topic, as far as they are known without asking again. */
  partitions(topic: string): Promise<PartitionMetadata[]>;
  /**
   * @param admit called before each attempt to send; throws when there is to be none, and its error is thrown
   */
  produce(request: PartitionRequest, admit: () => void): Promise<RecordMetadata>;
  /** What is under way is not waited for. */
  disconnect(): Promise<void>;
}

/** What an attempt to send came to, when it was not acknowledged. */
export const Refusal = {
  /** The broker or the client has said no, and will again. Nothing was written by this attempt. */
  Final: 'final',
  /** The broker does not take this producer's sequence numbers any more. Nothing was written by this attempt. */
  Sequence: 'sequence',
  /** It may pass; whether anything was written is not known. */
  Passing: 'passing',
} as const;
export type Refusal = (typeof Refusal)[keyof typeof Refusal];
