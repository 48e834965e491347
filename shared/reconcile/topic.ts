/** A topic as a cluster describes it. */
export interface ClusterTopic {
  readonly name: string;
  /** Differs from one incarnation of the name to the next. */
  readonly id: string;
  readonly partitions: number;
  /** Kafka's own (`__consumer_offsets`); never copied. */
  readonly internal: boolean;
}

/** What a flow wants of the topics that exist. */
export interface FlowTopics {
  /** Whether the flow copies the source topic `topic`. */
  covers(topic: string): boolean;
  /** Name of its copy on the target. */
  remoteTopic(topic: string): string;
}

/** A source topic and its copy, both of which exist. */
export interface TopicPair {
  readonly topic: string;
  readonly remoteTopic: string;
}
