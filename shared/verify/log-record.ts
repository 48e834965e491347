import { hash } from 'node:crypto';
import { CorruptBatchError } from '../records/errors.ts';
import { VarintReader } from '../records/varint.ts';

/** A record as it lies in a batch that was read; nothing is copied out of it. */
export interface LogRecord {
  readonly offset: number;
  /** ms since the epoch, -1 none */
  readonly timestamp: number;
  /** The broker wrote the time (`message.timestamp.type=LogAppendTime`). */
  readonly appendTime: boolean;
  /** The batch's records. Key, value and headers stand in it from `at` up to `end`. */
  readonly body: Buffer;
  readonly at: number;
  readonly end: number;
}

/** Bytes of key, value and headers; 0 of no record. */
export function sizeOf(record: LogRecord | undefined): number {
  return record === undefined ? 0 : record.end - record.at;
}

/** The same records, without the rest of the body that they stand in. */
export function cutOut(records: readonly LogRecord[]): readonly LogRecord[] {
  const body = Buffer.concat(records.map((each) => each.body.subarray(each.at, each.end)));
  let end = 0;
  return records.map((each) => {
    const at = end;
    end += sizeOf(each);
    return { ...each, body, at, end };
  });
}

/** Key, value and headers. */
export interface RecordParts {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: Buffer, value: Buffer | null])[];
}

interface ScannedHeader {
  readonly baseOffset: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly logAppendTime: boolean;
  readonly recordCount: number;
}

/**
 * Finds the records of a batch.
 * @param body decompressed
 * @throws CorruptBatchError
 */
export function scanRecords(header: ScannedHeader, body: Buffer): LogRecord[] {
  const { baseOffset, logAppendTime, recordCount } = header;
  const records: LogRecord[] = [];
  const reader = new VarintReader(body);
  try {
    for (let i = 0; i < recordCount; i++) {
      const size = reader.varint();
      const end = reader.position + size;
      if (size < 0 || end > body.length) throw new RangeError(`a record of ${size} bytes`);
      reader.skip(1); // attributes: unused
      const timestampDelta = timeDelta(reader);
      const offset = baseOffset + reader.varint();
      const timestamp = logAppendTime ? header.maxTimestamp : header.baseTimestamp + timestampDelta;
      records.push({ offset, timestamp, appendTime: logAppendTime, body, at: reader.position, end });
      reader.position = end;
    }
  } catch (error) {
    throw new CorruptBatchError(baseOffset, `its records cannot be read: ${error}`);
  }
  return records;
}

/** Nearly always below 2^27 ms: without a bigint for each record. */
function timeDelta(reader: VarintReader): number {
  const { bytes, position } = reader;
  let zigzag = 0;
  for (let i = 0; i < 4; i++) {
    const byte = bytes[position + i] ?? 0x80;
    zigzag |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      reader.position = position + i + 1;
      return (zigzag >>> 1) ^ -(zigzag & 1);
    }
  }
  return Number(reader.varlong());
}

/** @throws RangeError when the bytes are no record */
export function partsOf({ body, at, end }: LogRecord): RecordParts {
  const reader = new VarintReader(body, at);
  const key = reader.nullableBytes();
  const value = reader.nullableBytes();
  const headers = Array.from({ length: reader.varint() }, () => {
    return [reader.nullableBytes() ?? Buffer.alloc(0), reader.nullableBytes()] as const;
  });
  if (reader.position !== end) throw new RangeError(`a record ends ${reader.position - end} bytes off`);
  return { key, value, headers };
}

const TIMESTAMP_BYTES = 8;
let scratch = Buffer.allocUnsafeSlow(4096);

/** SHA-256 of a record's identity: its timestamp as a big-endian int64, then key, value and headers as the log has them. */
export function identityOf({ timestamp, body, at, end }: LogRecord): Buffer {
  const length = TIMESTAMP_BYTES + end - at;
  if (length > scratch.length) scratch = Buffer.allocUnsafeSlow(length * 2);
  const high = Math.floor(timestamp / 2 ** 32);
  scratch.writeInt32BE(high, 0);
  scratch.writeUInt32BE(timestamp - high * 2 ** 32, 4);
  body.copy(scratch, TIMESTAMP_BYTES, at, end);
  return hash('sha256', scratch.subarray(0, length), 'buffer');
}
