import type { SourceOffset } from '../flow/offset.ts';
import type { TopicPartition } from '../mm2/topic-partition.ts';

/** When a question was sent and when its answer came, ms since the epoch by one clock: what it tells was so in between. */
export interface SampleTime {
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** Where a partition of the source ended. */
export interface LogEnds {
  /** Topic id as Kafka's tools print it. */
  readonly topicId: string;
  /** High watermark: every acknowledged record is below it, those of open transactions too. */
  readonly logEnd: SourceOffset;
  /** Last stable offset: what is below it can be read by who reads committed records only, as the flow does. */
  readonly committedEnd: SourceOffset;
}

export interface PartitionSample extends TopicPartition, LogEnds {}

/** One answer of the source. Partitions whose leader did not tell are absent. */
export interface EndsSample extends SampleTime {
  readonly partitions: readonly PartitionSample[];
}

/** The highest rate at which something was seen to be written, records a second, rounded up. */
export interface Peak {
  /** Of the quarter of a minute that `SourceEnds.peaksSince` began. */
  readonly current: number;
  /** Of the one before. */
  readonly previous: number;
}

export interface SeenEnd {
  /** Index in `SourceEnds.samples`. */
  readonly sample: number;
  readonly logEnd: SourceOffset;
}

/** What is known of a partition. */
export interface PartitionEnds extends TopicPartition {
  readonly topicId: string;
  /** As told by the newest sample that tells of the partition. */
  readonly committedEnd: SourceOffset;
  /** Newest first, never empty, never ascending: what was seen of a log that lost its end since is left out. */
  readonly seen: readonly [SeenEnd, ...SeenEnd[]];
  readonly peak: Peak;
}

/** From a question that no broker answered on, until one is answered again. */
export interface Silence {
  /** When the first such question was sent, ms since the epoch. */
  readonly since: number;
  /**
   * When it was known that it is not answered: a live source would have answered by then, or its connection was lost,
   * which until then may have been one to a source that took records and answered nothing.
   */
  readonly toldAt: number;
  /** When it was known of the newest such question. Long ago: nobody asks any more, and it says nothing of now. */
  readonly confirmedAt: number;
}

/**
 * What the target's side knows of the source's ends, for the day on which the source cannot be asked. One item in the
 * flow's registry table, renewed each second.
 */
export interface SourceEnds {
  /** Newest first: the last ones, and older ones that are the last to tell of some partition. */
  readonly samples: readonly SampleTime[];
  /** In the order of topics and partitions. */
  readonly partitions: readonly PartitionEnds[];
  /** Of all partitions together. */
  readonly peak: Peak;
  /** Begin of the peaks' current quarter of a minute, ms since the epoch. */
  readonly peaksSince: number;
  /** When any broker of the source answered last, ms since the epoch; undefined: never seen. */
  readonly answeredAt: number | undefined;
  readonly silence: Silence | undefined;
}

export const NOTHING_SEEN: SourceEnds = {
  samples: [],
  partitions: [],
  peak: { current: 0, previous: 0 },
  peaksSince: 0,
  answeredAt: undefined,
  silence: undefined,
};

/** What was kept of the source's ends, with the time at which it was. */
export interface StoredSourceEnds {
  readonly ends: SourceEnds;
  /** ms since the epoch: of what is told, it was so at least until then. */
  readonly writtenAt: number;
}

/** The one item of a flow; survives the environments that write it. */
export interface SourceEndsStore {
  /** Strongly consistent. Undefined before the first. @throws CausewayError when the item cannot be understood */
  read(signal?: AbortSignal): Promise<StoredSourceEnds | undefined>;
  /** `outdated`: what is there was written later, by another environment, and stays. */
  write(stored: StoredSourceEnds, signal?: AbortSignal): Promise<'written' | 'outdated'>;
}
