/** A partition of a topic on one cluster. */
export interface TopicPartition {
  readonly topic: string;
  /** 0 to 2^31 - 1 */
  readonly partition: number;
}

/** `orders-3`; no other topic partition has the same. */
export function describeTopicPartition({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
