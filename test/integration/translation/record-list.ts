import { hash } from 'node:crypto';
import type { KafkaMessage } from 'kafkajs';
import { identityOf } from '../../../local/demo/reader.ts';

/** Fits a number exactly; two of a million records share one with a probability of 1 in 500. */
const IDENTITY_BYTES = 6;

/** A partition's records in the order of the log, as columns, so that millions of them fit into memory. */
export class RecordList {
  readonly offsets: number[] = [];
  /** One number a record, made of its key, value, headers and timestamp. */
  readonly identities: number[] = [];

  get length(): number {
    return this.offsets.length;
  }

  push(offset: number, identity: number): void {
    this.offsets.push(offset);
    this.identities.push(identity);
  }
}

/** By partition. */
export type TopicRecords = ReadonlyMap<number, RecordList>;

export function identityNumber(message: KafkaMessage): number {
  return hash('sha1', identityOf(message), 'buffer').readUIntBE(0, IDENTITY_BYTES);
}

export function countOf(records: TopicRecords): number {
  return [...records.values()].reduce((sum, { length }) => sum + length, 0);
}

/** The first partition in which the two differ, in a sentence; undefined: the same records in the same order. */
export function difference(expected: TopicRecords, found: TopicRecords): string | undefined {
  for (const [partition, { identities, offsets }] of expected) {
    const there = found.get(partition)?.identities ?? [];
    const at = identities.findIndex((identity, i) => identity !== there[i]);
    if (at >= 0) return `partition ${partition}: record ${at} (offset ${offsets[at]}) is another one or missing`;
    if (there.length > identities.length) return `partition ${partition}: ${there.length - identities.length} too many`;
  }
  return undefined;
}
