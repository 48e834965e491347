import { CausewayError } from '../flow/errors.ts';

/** The event is not one that a Kafka event source mapping sends. Nothing of it was written. */
export class MalformedEventError extends CausewayError {
  readonly code = 'MALFORMED_EVENT';
  readonly retriable = false;

  constructor(found: string, expected: string) {
    super(`Not an event of a Kafka event source mapping: ${found}; expected ${expected}`, {
      safe: 'Nothing of this event was written.',
      next: 'Invoke this function from an event source mapping of Amazon MSK or self-managed Kafka, without a schema registry.',
    });
  }
}

/** A field of a record cannot be turned into bytes. Its batch was not sent. */
export class MalformedRecordError extends CausewayError {
  readonly code = 'MALFORMED_RECORD';
  readonly retriable = false;

  constructor(record: { topic: string; partition: number; offset: number }, found: string, expected: string) {
    super(`${record.topic}-${record.partition} offset ${record.offset}: ${found}; expected ${expected}`, {
      safe: 'This record and the ones after it in its partition were not written; the ones before it are not affected.',
      next: 'Check what the event source mapping delivers for this offset; a filter or a schema registry on it changes records.',
    });
  }
}

/** Bytes that should be Kafka record batches are not. */
export class CorruptBatchError extends CausewayError {
  readonly code = 'CORRUPT_BATCH';
  readonly retriable = true;

  constructor(baseOffset: number, found: string) {
    super(`Record batch at offset ${baseOffset}: ${found}`, {
      safe: 'Nothing was written because of it.',
      next: 'Read the partition again; if it stays, look for disk faults on the broker that leads it.',
    });
  }
}
