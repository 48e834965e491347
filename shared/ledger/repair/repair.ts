import type { FlowId, FlowPartition } from '../../flow/flow.ts';
import type { KafkaRecord } from '../../records/record.ts';
import type { Gap } from '../gap.ts';

/** Where a record that had been set aside was written, as it is noted beside its bytes. */
export interface Repair {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** ms since the epoch */
  readonly at: number;
}

/** `orders.set-aside-0 at offset 17` */
export function describeRepair({ topic, partition, offset }: Repair): string {
  return `${topic}-${partition} at offset ${offset}`;
}

/** What is left of a record that was set aside. */
export type StoredRecord =
  | { readonly kind: 'whole'; readonly record: KafkaRecord }
  | { readonly kind: 'damaged'; readonly because: string };

/** The topic that records are repaired to, as its cluster describes it. */
export interface Destination {
  readonly partitions: number;
  /** `max.message.bytes` */
  readonly maxMessageBytes: number;
  readonly compacted: boolean;
  /** False: `message.timestamp.type` has the brokers give records another time. */
  readonly keepsTimestamps: boolean;
  /** Undefined: for ever. */
  readonly retentionMs: number | undefined;
}

export interface RepairWanted {
  readonly flow: FlowId;
  /** By its name on either cluster; undefined: every topic of the flow. */
  readonly topic: string | undefined;
  /** The destination, on the flow's target. */
  readonly to: string;
  /** Also what was repaired before. */
  readonly again: boolean;
  /** Flows that copy the destination on, each in words. */
  readonly copiedOn: readonly string[];
}

export type RepairOutcome =
  /** `sizeBytes` here and below: of its batch as it is sent. `to`: the destination's partition, where there is one. */
  | {
      readonly kind: 'to-write';
      readonly to: number | undefined;
      readonly sizeBytes: number;
      readonly timestamp: number;
    }
  | { readonly kind: 'written'; readonly repair: Repair }
  /** By an earlier call; the newest is the last. */
  | { readonly kind: 'repaired'; readonly repairs: readonly Repair[] }
  | { readonly kind: 'too-large'; readonly sizeBytes: number | undefined }
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'damaged'; readonly because: string };

/** One record that was set aside, and what is done about it. */
export interface RepairedRecord {
  readonly partition: FlowPartition;
  /** On the source. */
  readonly offset: number;
  readonly outcome: RepairOutcome;
}

/** What repairing is to do or, after `carryOutRepair`, has done. */
export interface RepairPlan {
  readonly wanted: RepairWanted;
  /** Undefined: there is no such topic. */
  readonly destination: Destination | undefined;
  /** What is to be known of the destination before anything is written there. */
  readonly remarks: readonly string[];
  /** The topic that was asked for is none of the flow's. */
  readonly absent: boolean;
  /** In the order in which they are written: by topic and partition, then as their source had them. */
  readonly records: readonly RepairedRecord[];
  /** What was not set aside, and so cannot be written anywhere. */
  readonly others: readonly Gap[];
}
