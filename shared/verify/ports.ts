import type { FlowId, FlowPartition } from '../flow/flow.ts';
import type { Side } from '../flow/side.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { TopicItem } from '../ledger/topic-registry.ts';
import type { Head, Run } from '../offsets/head.ts';
import type { StoredBatch } from '../records/decode.ts';
import type { CopyRules } from './same-record.ts';

/** A partition on one of the clusters, by its name there. */
export interface LogPlace {
  readonly topic: string;
  readonly partition: number;
}

/** An offset of either log: runs below both are of no interest. */
export type MapPlace = Readonly<Record<Side, number>>;

/** What one answer brought of a log: batches without transaction markers. */
export interface LogAnswer {
  /** The log's start when it was asked. */
  readonly logStart: number;
  readonly batches: readonly StoredBatch[];
}

/** A topic of the source that a flow is to copy, whether it is replicated yet or not. */
export interface CoveredTopic {
  readonly topic: string;
  readonly remoteTopic: string;
  /** On the source. */
  readonly partitions: number;
}

/** What a flow is compared by. All throw CausewayError. */
export interface VerifyPorts {
  readonly flow: FlowId;
  readonly rules: CopyRules;
  /** Whether topics without history are copied from their beginning (`causeway.start.position`). */
  readonly startsAtBeginning: boolean;
  topics(): Promise<readonly TopicItem[]>;
  /** Those that the source has, as far as its login sees them. */
  coveredTopics(): Promise<readonly CoveredTopic[]>;
  /** What the gap ledger has of a partition's generation, ascending. */
  ledger(partition: FlowPartition): Promise<readonly LedgerEntry[]>;
  head(partition: FlowPartition): Promise<Head | undefined>;
  /**
   * The closed runs in their order, as they are stored when they are asked for.
   * @param from all that reach beyond it on either side are among them. @default from the first one on
   */
  closedRuns(partition: FlowPartition, from?: MapPlace): AsyncIterable<Run>;
  /** First offset, and the one after the last. */
  logBounds(side: Side, place: LogPlace): Promise<{ readonly start: number; readonly end: number }>;
  /** Offset of the first record with this time (ms since the epoch) or a later one; the log's end where there is none. */
  offsetAt(side: Side, place: LogPlace, timeMs: number): Promise<number>;
  /** From the batch that holds `from`: on the source what is committed, on the target everything. */
  read(side: Side, place: LogPlace, from: number): AsyncIterable<LogAnswer>;
  /** Those of the topics of which older records with the same key are removed (`cleanup.policy`). */
  compacted(side: Side, topics: readonly string[]): Promise<ReadonlySet<string>>;
  now(): number;
}
