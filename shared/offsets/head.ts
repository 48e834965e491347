import type { SourceOffset, TargetOffset } from '../flow/offset.ts';

/** A straight piece of the offset map: `source + i` is `target + i` for `0 <= i < length`. */
export interface Run {
  readonly source: SourceOffset;
  readonly target: TargetOffset;
  readonly length: number;
}

/** Consecutive source offsets. */
export interface SourceRange {
  readonly from: SourceOffset;
  readonly length: number;
}

/**
 * What may be sent under the current epoch from `nextSequence` on:
 * - `open`: sequence `nextSequence + i` is source offset `nextSource + i`, without end;
 * - `intent`: sequence `nextSequence + i` is the i-th offset of `ranges`; nothing beyond;
 * - `closed`: nothing.
 */
export type Grant =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'intent'; readonly ranges: readonly SourceRange[] };

export interface Producer {
  readonly producerId: bigint;
  /** 0 to 32767 */
  readonly epoch: number;
}

/**
 * none: sending under the grant is allowed. pending: somebody decided to take the partition over; whoever reads this
 * finishes the take-over before anything else. waiting: the transactional id's producer id changed, so no marker can
 * fence the old one; the take-over may be finished after `until` (ms since the epoch).
 */
export type Fence =
  | { readonly kind: 'none' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'waiting'; readonly producer: Producer; readonly until: number };

/** Exclusive right to append, needed for records that the broker's producer expiry may outrun (docs/protocol.md, I). */
export interface Lease {
  /** The invocation that holds it. */
  readonly holder: string;
  /** ms since the epoch; after this nothing that the holder sent can still reach a broker. */
  readonly until: number;
}

/**
 * Why the source's consumers may stand past `nextSource`: a log lost its end, so that it had to be set back, or the partition
 * was taken over from MirrorMaker 2 and its event source mapping began by itself.
 */
export type ReplayCause = 'source-cut-back' | 'target-cut-back' | 'taken-over';

/** A runbook's hold on a partition: nobody sends, or takes it over, but to finish a take-over for the hold itself. */
export interface HeldBy {
  /** Of the run that holds; it, and any of a higher generation, lifts it. */
  readonly generation: number;
}

/** The one item that says how far a partition of a flow is replicated and who may send what next. */
export interface Head {
  /** Raised by 1 with every write; each write is conditional on the version read (B). */
  readonly version: number;
  readonly sourceTopicId: string;
  readonly targetTopicId: string;
  readonly producer: Producer;
  /** When the transactional id was last known to be used, ms since the epoch; undefined: not known (a HEAD of an older version). */
  readonly renewedAt?: number | undefined;
  /** Sequence of the next record under `producer`; 0 to 2^31 - 1, then 0 again. */
  readonly nextSequence: number;
  /** True until a batch of this producer id was acknowledged: until then the broker takes any sequence (F). */
  readonly fresh: boolean;
  readonly nextSource: SourceOffset;
  readonly nextTarget: TargetOffset;
  /**
   * Set when HEAD was anchored anew below where it had been, or where somebody else stopped: until `nextSource` is at `until` again, consumers may stand
   * past it, and a delivery that begins above it is compared with the source (docs/protocol.md, D).
   */
  readonly replay?: { readonly cause: ReplayCause; readonly until: SourceOffset } | undefined;
  /** The run that the next append may extend; undefined before the first record. */
  readonly openRun: Run | undefined;
  readonly grant: Grant;
  /** True once offsets without a record were seen inside the source log: the grant then never opens again. */
  readonly sparse: boolean;
  readonly fence: Fence;
  /** Set by a claim for a hold, and answered for once `fence` is none again (docs/protocol.md, L). */
  readonly heldBy?: HeldBy | undefined;
  readonly lease: Lease | undefined;
  /** A leader epoch of the target partition, seen before what `nextTarget` tells was acknowledged; undefined: none yet. */
  readonly targetLeaderEpoch?: number | undefined;
  /** Leader epoch of the source partition under which `nextSource` was last confirmed; -1 unknown. */
  readonly sourceLeaderEpoch: number;
  /** When that leader epoch was first noted, ms since the epoch; deliveries read before it may still come in. */
  readonly sourceLeaderSince?: number | undefined;
  /**
   * Largest record timestamp of the batch appended last, ms since the epoch; -1 none or not known. Brokers forget a
   * producer when this is older than their `producer.id.expiration.ms`.
   */
  readonly lastTimestamp: number;
}
