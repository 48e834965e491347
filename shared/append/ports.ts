import type { CausewayError } from '../flow/errors.ts';
import type { FlowPartition } from '../flow/flow.ts';
import type { SourceOffset, TargetOffset } from '../flow/offset.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { Hold } from '../ledger/hold.ts';
import type { Head, Producer, Run } from '../offsets/head.ts';

/** What the protocol needs to know of a record; its bytes are the target adapter's business. */
export interface AppendRecord {
  readonly offset: number;
  /** ms since the epoch, -1 none */
  readonly timestamp: number;
}

/** What a single produce request did. Only `appended` says that the records are in the log, below the high watermark. */
export type AppendOutcome =
  /** In the log, now or by an earlier identical request, at `base` and the offsets after it. */
  | {
      readonly kind: 'appended';
      readonly base: TargetOffset;
      /** A leader epoch of the partition that was known before the request left. */
      readonly leaderEpoch?: number | undefined;
    }
  /** OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, DUPLICATE_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No answer, or one that leaves it open (time-out, connection lost, leader moved, too few replicas): send the same again. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE: nothing appended, and the same request will never be. */
  | { readonly kind: 'too-large' }
  /** Authentication, authorization, invalid timestamp, ...: nothing appended; retrying needs somebody's help. */
  | { readonly kind: 'failed'; readonly error: CausewayError };

/** A batch header in the target's log. */
export interface LoggedBatch {
  readonly base: TargetOffset;
  /** Records in the batch (offsets may be sparse after compaction; then `last` tells). */
  readonly last: TargetOffset;
  readonly producer: Producer;
  /** Sequence of its first record; -1 for control batches and producers without idempotence. */
  readonly baseSequence: number;
  /** Records that the batch was written with: its sequences are `baseSequence ... + count - 1`. */
  readonly count: number;
  /** A transaction marker. */
  readonly control: boolean;
  /** Of the leader that appended it. */
  readonly leaderEpoch: number;
}

export interface LogBounds {
  readonly logStart: TargetOffset;
  readonly highWatermark: TargetOffset;
}

export interface LogScan extends LogBounds {
  /** Batches from the asked offset to `highWatermark`, in order; empty when the log ends before the asked offset. */
  readonly batches: readonly LoggedBatch[];
}

/** What the target's leader remembers of a producer id on the partition. */
export interface BrokerProducer {
  readonly epoch: number;
  /** -1 when nothing was appended under `epoch` yet. */
  readonly lastSequence: number;
}

/** One partition of the target cluster, and the transactional id that owns the flow's producer id on it. */
export interface TargetLog<R extends AppendRecord> {
  /** Topic id as the broker tells it now (not from memory). */
  topicId(): Promise<string>;
  /**
   * Sends `records` as one batch. Calls made without waiting for one another reach the broker in call order on one
   * connection. Never throws for what a broker or the network did: that is the outcome.
   */
  append(producer: Producer, firstSequence: number, records: readonly R[]): Promise<AppendOutcome>;
  /** Upper bound on the encoded size of a record, bytes, before compression. */
  sizeOf(record: R): number;
  /** Largest batch that the topic takes, bytes. */
  readonly maxBatchBytes: number;
  scan(from: TargetOffset): Promise<LogScan>;
  bounds(): Promise<LogBounds>;
  /** First offset after the last one written under `leaderEpoch` or before, as an OffsetForLeaderEpoch request tells. */
  endOfLeaderEpoch(leaderEpoch: number): Promise<TargetOffset>;
  describeProducer(producerId: bigint): Promise<BrokerProducer | undefined>;
  /** InitProducerId for the partition's transactional id: creates it, or raises its epoch. Fences nothing by itself. */
  initProducer(): Promise<Producer>;
  /**
   * AddPartitionsToTxn and EndTxn(abort): asks for a marker of `producer`'s epoch. It may appear in the log later.
   * Answers `superseded` when the transactional id has a higher epoch by now: somebody else takes over.
   */
  requestMarker(producer: Producer): Promise<'requested' | 'superseded'>;
}

export interface SourcePartitionState {
  readonly topicId: string;
  readonly leaderEpoch: number;
}

/** One partition of the source cluster; asked for facts only, never for records. */
export interface SourceLog<R extends AppendRecord> {
  /** Topic id and leader epoch as the broker tells them now. */
  state(): Promise<SourcePartitionState>;
  /** First offset after the last one written under `leaderEpoch`, as an OffsetForLeaderEpoch request tells. */
  endOfLeaderEpoch(leaderEpoch: number): Promise<SourceOffset>;
  logStart(): Promise<SourceOffset>;
  logEnd(): Promise<SourceOffset>;
  /**
   * Whether the log has no other records at these offsets now (timestamps, keys and values compared). Offsets that were
   * compacted or deleted since do not count against it, offsets from the log's end on do.
   */
  holds(records: readonly R[]): Promise<boolean>;
  /** Whether consumers that read only what is committed would get a record at an offset from `from` to `to` - 1 now. */
  hasRecords(from: SourceOffset, to: SourceOffset): Promise<boolean>;
}

export interface HeadWrite {
  readonly head: Head;
  /** Runs that no longer grow. */
  readonly closed: readonly Run[];
  /** Set when a log was cut back: what the stored runs say from this offset on is void, `closed` takes its place. */
  readonly cutFrom?: SourceOffset;
  readonly ledger: readonly LedgerEntry[];
}

/** conflict: the stored version is another. held: HEAD would be a new one, and the flow is held. Nothing was written then. */
export type HeadWriteOutcome = 'written' | 'conflict' | { readonly kind: 'held'; readonly hold: Hold };

/**
 * The offset map's store. `write` succeeds only if the stored version is `expected` (0: no HEAD yet, and no hold on the
 * flow either), together with its runs and ledger entries or not at all. Both throw when the outcome is not known; the
 * caller then reads again (B).
 */
export interface HeadStore {
  read(partition: FlowPartition): Promise<Head | undefined>;
  write(partition: FlowPartition, expected: number, write: HeadWrite): Promise<HeadWriteOutcome>;
  /** What the stored runs say of the target's log from `target` on, in order; HEAD's open run is not among them. */
  runsFrom(partition: FlowPartition, target: TargetOffset): Promise<Run[]>;
}

/** Where a record that the target does not take is set aside; idempotent by partition and offset. */
export interface Quarantine<R extends AppendRecord> {
  /** @returns where it is, as the ledger entry's `location` */
  put(partition: FlowPartition, record: R): Promise<string>;
}

export interface Clock {
  /** ms since the epoch */
  now(): number;
  wait(ms: number): Promise<void>;
}
