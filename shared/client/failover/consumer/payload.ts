import type { ConsumerRunConfig, EachBatchPayload, EachMessagePayload, TopicPartitionOffsetAndMetadata } from 'kafkajs';

/** Where a message is from. */
export interface MessageOrigin {
  /** The application's name, on either cluster: `orders`. */
  readonly topic: string;
  /** The name on the cluster: `orders`, or `us-east.orders` for the copy. */
  readonly clusterTopic: string;
  /** Alias. */
  readonly cluster: string;
}

/** As kafkajs's, with the application's name of the topic. */
export interface FailoverEachMessagePayload extends Omit<EachMessagePayload, 'topic'>, MessageOrigin {
  /** Commits that this message is done, for `autoCommit: false`. */
  commit(): Promise<void>;
}

/** As kafkajs's. `batch.topic` is the name on the cluster. */
export interface FailoverEachBatchPayload extends EachBatchPayload, MessageOrigin {}

/** As kafkajs's. */
export interface FailoverRunConfig extends Omit<ConsumerRunConfig, 'eachMessage' | 'eachBatch'> {
  readonly eachMessage?: (payload: FailoverEachMessagePayload) => Promise<void>;
  readonly eachBatch?: (payload: FailoverEachBatchPayload) => Promise<void>;
}

/** An offset to commit, of the cluster that it is from. `topic` is the name on that cluster. */
export interface ClusterOffset extends TopicPartitionOffsetAndMetadata {
  readonly cluster: string;
}
