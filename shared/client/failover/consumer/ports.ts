import type { ConsumerRunConfig, TopicPartitionOffsetAndMetadata } from 'kafkajs';

export interface TopicSubscription {
  /** Its name on the cluster. */
  readonly topic: string;
  /** Where kafkajs begins when the committed offset is out of range. */
  readonly fromBeginning: boolean;
}

/** One membership in a group of one cluster: joins once, leaves once. */
export interface GroupConsumer {
  /**
   * Returns when it has joined.
   * @throws what keeps it from that, and will
   */
  join(subscriptions: readonly TopicSubscription[], run: ConsumerRunConfig): Promise<void>;
  /** Nothing more is fetched; messages that were fetched may still be handed over. */
  pauseAll(): void;
  commit(offsets: TopicPartitionOffsetAndMetadata[]): Promise<void>;
  /** Waits for handlers that are running, commits what they resolved, and leaves the group. */
  leave(): Promise<void>;
}

/** The consumer stopped by itself; `restarts`: it joins again. */
export type GroupFailure = (error: unknown, restarts: boolean) => void;

/** Where a group begins that has no offset of a partition. */
export type Start = 'beginning' | 'end' | { readonly sinceMs: number };

/** The topics of a cluster, and a group's places in them. */
export interface GroupPlaces {
  /** Names of all topics but Kafka's own. */
  topics(): Promise<readonly string[]>;
  /**
   * Commits an offset for each partition of which the group has none, so that it is the same after a fence. Does nothing
   * while the group has members: then one of them has done it.
   * @param startOf `isKnown`: the group has committed something on this cluster
   */
  commitStarts(
    groupId: string,
    topics: readonly string[],
    startOf: (topic: string, isKnown: boolean) => Start,
  ): Promise<void>;
  close(): Promise<void>;
}
