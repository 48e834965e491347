import type { Hold } from './hold.ts';

/**
 * What a topic's item says of it:
 * - `active`: `generation` is the one to append under, and one event source mapping feeds it;
 * - `draining`: no mapping may feed the topic; deliveries of the old one may still be running;
 * - `retired`: drained, and not covered by the flow at present. The item stays, so that no generation is used twice.
 */
export const TopicState = { Active: 'active', Draining: 'draining', Retired: 'retired' } as const;
export type TopicState = (typeof TopicState)[keyof typeof TopicState];

export interface PendingDeletion {
  /** ms since the epoch */
  readonly since: number;
  /** Sum of the log ends of the copy's partitions at that time: another sum says that somebody writes to it. */
  readonly logEnds: number;
}

/** A topic of a flow as `reconcile` last left it, in the target region's offset map under `TOPIC#<topic>`. */
export interface TopicItem {
  /** Raised by 1 with every write; each write is conditional on the version read. */
  readonly version: number;
  /** Name on the source. */
  readonly topic: string;
  /** Name on the target. */
  readonly remoteTopic: string;
  /** 1, and one more each time the source or the target topic is made anew under its name. */
  readonly generation: number;
  /** Topic id (Kafka's, base64 or canonical UUID as the admin client prints it) that this generation copies from. */
  readonly sourceTopicId: string;
  /** Topic id that this generation appends to. */
  readonly targetTopicId: string;
  /** Partitions of the source topic when last looked at. */
  readonly partitions: number;
  readonly state: TopicState;
  /** Consumer group of this generation's mapping, on the source cluster. */
  readonly consumerGroup: string;
  /** Last mapping known to feed this generation; undefined before the first. */
  readonly mappingUuid: string | undefined;
  /** Draining only: from then on (ms since the epoch) no delivery of the removed mapping can still be running. */
  readonly drainedAfter: number | undefined;
  /**
   * Of each partition that there was when the topic was first seen, the first offset that is copied, where that is not all
   * (`causeway.start.position`). Partitions that came later, and later generations, are copied from their first record.
   */
  readonly begins?: readonly number[] | undefined;
  /** Whether Causeway made the remote topic with `targetTopicId`, which nobody else's records can then be in. */
  readonly remoteMade?: boolean | undefined;
  /** Retired only: the source topic was found deleted, and its copy is to be deleted after the grace period. */
  readonly deletion?: PendingDeletion | undefined;
}

/** Whether the flow is deployed: `removed` from the moment its stack is being destroyed, so that no run makes a mapping. */
export const FlowState = { Deployed: 'deployed', Removed: 'removed' } as const;
export type FlowState = (typeof FlowState)[keyof typeof FlowState];

/** The flow's own item, written by every deployment and by the removal. */
export interface FlowItem {
  readonly state: FlowState;
  /** Differs from one writing to the next: a run that sees it change has an older configuration than what is deployed. */
  readonly deployment: string;
}

/** Where there is no item: a flow that was deployed before its table was there. */
export const NEVER_WRITTEN: FlowItem = { state: FlowState.Deployed, deployment: '' };

export interface RegistryListing {
  readonly flow: FlowItem;
  /** Undefined: the flow is not held. */
  readonly hold: Hold | undefined;
  readonly topics: readonly TopicItem[];
}

/**
 * One flow's topics: the agreement between `reconcile`, which writes it, and `replicate`, which reads from it the
 * generation and the remote topic of every delivery. All reads are strongly consistent.
 */
export interface TopicRegistry {
  read(topic: string): Promise<TopicItem | undefined>;
  list(): Promise<RegistryListing>;
  flow(): Promise<FlowItem>;
  hold(): Promise<Hold | undefined>;
  /** `item.version` must be `expected + 1`; 0 expects that there is no item. */
  write(expected: number, item: TopicItem): Promise<'written' | 'conflict'>;
  setFlow(item: FlowItem): Promise<void>;
}
