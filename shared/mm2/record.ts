import { MalformedMirrorRecordError } from './errors.ts';

/** Key and value of a Kafka record as they are in the log. */
export interface RawRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** Key and value to be written. MirrorMaker 2's own topics take no null. */
export interface EncodedRecord {
  readonly key: Buffer;
  readonly value: Buffer;
}

/**
 * Decodes the records that are of the wanted kind, in their order, and hands every other one to `onForeign` with what
 * is wrong with it.
 */
export function* decodeEach<R extends RawRecord, T>(
  records: Iterable<R>,
  decode: (record: RawRecord) => T,
  onForeign: (record: R, error: MalformedMirrorRecordError) => void,
): Generator<T> {
  for (const record of records) {
    let decoded: T;
    try {
      decoded = decode(record);
    } catch (error) {
      if (!(error instanceof MalformedMirrorRecordError)) throw error;
      onForeign(record, error);
      continue;
    }
    yield decoded;
  }
}
