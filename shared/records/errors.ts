import { CausewayError } from '../flow/errors.ts';

/** The event, or one partition's part of it, is not what a Kafka event source mapping sends. Nothing of that was written. */
export class MalformedEventError extends CausewayError {
  readonly code = 'MALFORMED_EVENT';
  readonly retriable = false;

  constructor(found: string, expected: string) {
    super(`Not an event of a Kafka event source mapping: ${found}; expected ${expected}`, {
      safe: 'Nothing of what is named here was written. Other partitions of the same event go on.',
      next:
        'Invoke this function only from the event source mappings that Causeway made, which have no schema registry, and ' +
        'remove any other trigger.',
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

/** This Node lacks what a codec is made of. */
export class CodecMissingError extends CausewayError {
  readonly code = 'CODEC_MISSING';
  readonly retriable = false;

  constructor(codec: string, since: string) {
    super(`${codec} needs Node ${since} or newer; this is Node ${process.versions.node}`, {
      safe: 'Nothing was written because of it. Records of other codecs are not affected.',
      next: `Run it on Node ${since} or newer.`,
    });
  }
}
