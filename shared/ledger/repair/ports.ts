import type { FlowPartition } from '../../flow/flow.ts';
import type { KafkaRecord } from '../../records/record.ts';
import type { Gap } from '../gap.ts';
import type { TopicItem } from '../topic-registry.ts';
import type { Destination, Repair, StoredRecord } from './repair.ts';

/** What became of a record that was sent. */
export type Written =
  | { readonly kind: 'appended'; readonly offset: number }
  | { readonly kind: 'too-large' }
  /** The topic takes no such record: of another time, or without a key. */
  | { readonly kind: 'refused'; readonly because: string }
  /** Sent, and nobody has said in time whether it is in the log. */
  | { readonly kind: 'unknown'; readonly because: string };

/** Records that were set aside, and the notes beside them. */
export interface SetAsideRecords {
  read(partition: FlowPartition, offset: number): Promise<StoredRecord>;
  /** In the order in which they were noted. */
  repairs(partition: FlowPartition, offset: number): Promise<readonly Repair[]>;
  /** Adds to what is noted, whoever else does so at the same time. */
  noteRepair(partition: FlowPartition, offset: number, repair: Repair): Promise<void>;
}

export interface RepairPorts {
  /** Every topic that the flow has, or had. */
  topics(): Promise<readonly TopicItem[]>;
  ledger(topics: readonly TopicItem[]): Promise<readonly Gap[]>;
  readonly setAside: SetAsideRecords;
  /** Undefined: there is no such topic. */
  destination(topic: string): Promise<Destination | undefined>;
  /** Of the batch that the record makes, as it is sent. @throws MalformedRecordError */
  sizeOf(record: KafkaRecord): number;
  /** Appends one record, after those that were written before, and waits until it is acknowledged. @throws CausewayError */
  write(topic: string, partition: number, record: KafkaRecord): Promise<Written>;
  now(): number;
}
