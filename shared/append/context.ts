import type { FlowPartition } from '../flow/flow.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { AppendRecord, Clock, HeadStore, Quarantine, SourceLog, TargetLog } from './ports.ts';

export interface AppendSettings {
  /** Requests in flight on the produce connection, 1 to 5: brokers remember five batches of a producer. */
  readonly window: number;
  /** What a new HEAD allows: `closed` for topics that are compacted or filtered, whose offsets have holes. */
  readonly initialGrant: 'open' | 'closed';
  /**
   * True for two-way flows on one topic. A remote topic that an earlier generation was copied into needs no word: its offset
   * map tells. One made anew has to be empty, whatever the generation.
   */
  readonly targetMayHoldRecords: boolean;
  /** The target brokers' `producer.id.expiration.ms`. */
  readonly producerExpiryMs: number;
  /** No request reaches a broker later than this after it was handed over (assumption, docs/protocol.md). */
  readonly latenessBoundMs: number;
  /** A producer that was not renewed for so long is, before the next batch; far below `transactional.id.expiration.ms`. */
  readonly producerRenewalMs: number;
  /** A HEAD kept in memory is read again after this long. */
  readonly headMemoryMs: number;
  readonly recordTooLarge: 'stop' | 'quarantine';
  /** Time kept at the end of an invocation for the write of HEAD and the answer, ms. */
  readonly reserveMs: number;
}

/** Numbers from the brokers' and Lambda's documentation; see each field. */
export const defaultAppendSettings: AppendSettings = {
  window: 5,
  initialGrant: 'open',
  targetMayHoldRecords: false,
  producerExpiryMs: 86_400_000,
  latenessBoundMs: 60_000,
  producerRenewalMs: 86_400_000,
  headMemoryMs: 30_000,
  recordTooLarge: 'stop',
  reserveMs: 2_000,
};

/** Why a partition was taken over: each costs three round trips and one target offset, so none goes without a cause. */
export type TakeOverCause =
  | 'hole'
  | 'intent-not-held'
  | 'higher-epoch'
  | 'broker-behind'
  | 'record-set-aside'
  | 'source-cut-back'
  | 'source-leader-changed'
  | 'target-cut-back'
  | 'renewal'
  | 'hold'
  | 'found-pending';

/** Told of everything that is not the steady state. */
export interface AppendObserver {
  tookOver(partition: FlowPartition, cause: TakeOverCause): void;
  settled(partition: FlowPartition, records: number): void;
  /** Delivered again, and known to be in the target. */
  dropped(partition: FlowPartition, records: number): void;
  recorded(partition: FlowPartition, entry: LedgerEntry): void;
  retried(partition: FlowPartition, reason: string): void;
}

/** For who is not told. */
export const silentObserver: AppendObserver = {
  tookOver: () => {},
  settled: () => {},
  dropped: () => {},
  recorded: () => {},
  retried: () => {},
};

export interface AppendContext<R extends AppendRecord> {
  readonly partition: FlowPartition;
  readonly target: TargetLog<R>;
  readonly source: SourceLog<R>;
  readonly heads: HeadStore;
  readonly quarantine: Quarantine<R>;
  readonly clock: Clock;
  readonly observer: AppendObserver;
  readonly settings: AppendSettings;
}
