import { decodedLength, writeBase64 } from './base64.ts';
import { type Codec, codecs } from './codec.ts';
import { crc32c } from './crc32c.ts';
import { MalformedRecordError } from './errors.ts';
import { encodedHeaderName } from './header-names.ts';
import { ORIGIN_HEADER } from './headers.ts';
import type { KafkaRecord, RecordHeader } from './record.ts';
import { varintSize, writeDelta, writeVarint } from './varint.ts';

/** Bytes of a v2 record batch before its first record. */
export const BATCH_OVERHEAD = 61;

/** Who appends a batch: Kafka's idempotent producer fields. */
export interface BatchProducer {
  readonly producerId: bigint;
  /** 0 to 32767 */
  readonly epoch: number;
}

export interface BatchEncoderOptions {
  readonly codec: Codec;
  /** An `encodeOriginHeader` that records without an `origin-dc` header get, as their last. */
  readonly origin?: Buffer | undefined;
}

const INITIAL_SCRATCH_BYTES = 1 << 20;
/** A record's length, attributes, timestamp delta and offset delta at their widest: 5 + 1 + 10 + 5. */
const WIDEST_RECORD_PREFIX = 21;
const WIDEST_VARINT = 5;
/** The same and the lengths of key and value. */
const WIDEST_FIELDS = WIDEST_RECORD_PREFIX + 2 * WIDEST_VARINT;

/**
 * Turns records of Lambda's event into Kafka record batches (format v2): base64 text straight into the batch. Keys,
 * values, header names, their order and duplicates, nulls and timestamps are kept exactly. Two buffers are reused for
 * all batches and grow to the largest one seen: fresh memory for each cost a sixth of the whole (page faults).
 */
export class BatchEncoder {
  readonly #codec: Codec;
  readonly #origin: Buffer | undefined;
  #scratch = Buffer.allocUnsafeSlow(INITIAL_SCRATCH_BYTES);
  #packed = Buffer.alloc(0);
  #lengthWidth = 1;

  constructor(options: BatchEncoderOptions) {
    this.#codec = options.codec;
    this.#origin = options.origin;
  }

  /**
   * Bytes that `record` takes in a batch before compression, wherever it stands in it: exact but for at most 13 bytes of
   * deltas that are counted at their widest.
   */
  sizeOf(record: KafkaRecord): number {
    return (
      WIDEST_RECORD_PREFIX + fieldSize(record, record.key) + fieldSize(record, record.value) + this.#headersSize(record)
    );
  }

  /**
   * One batch of `records`, which are at least one. Sequences after `baseSequence` follow the records' order. Left
   * uncompressed when compression would make it larger.
   * @returns a view of the encoder's own memory, overwritten by its next batch: hand it on or copy it at once
   * @throws MalformedRecordError when a field is not base64 or a header is not bytes
   */
  encode(records: readonly KafkaRecord[], producer: BatchProducer, baseSequence: number): Buffer {
    const base = records[0]?.timestamp ?? -1;
    let newest = base;
    let end = BATCH_OVERHEAD;
    for (let i = 0; i < records.length; i++) {
      const record = records[i];
      if (record === undefined) break;
      if (record.timestamp > newest) newest = record.timestamp;
      end = this.#writeRecord(end, record, base, i);
    }
    const plain = this.#scratch.subarray(BATCH_OVERHEAD, end);
    const compressed = this.#codec.compress(plain);
    const smaller = compressed.length < plain.length;
    const batch = smaller ? this.#pack(compressed) : this.#scratch.subarray(0, end);
    writeBatchHeader(batch, smaller ? this.#codec.bits : codecs.none.bits, records.length, base, newest);
    batch.writeBigInt64BE(producer.producerId, 43);
    batch.writeInt16BE(producer.epoch, 51);
    batch.writeInt32BE(baseSequence, 53);
    batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
    return batch;
  }

  #pack(body: Buffer): Buffer {
    const size = BATCH_OVERHEAD + body.length;
    if (size > this.#packed.length) this.#packed = Buffer.allocUnsafeSlow(size * 2);
    body.copy(this.#packed, BATCH_OVERHEAD);
    return this.#packed.subarray(0, size);
  }

  /**
   * A record's length stands in front of it as a varint of 1 to 5 bytes. Room is left for one as wide as the record
   * before had, and the record is moved when that was wrong: quicker than to go through its headers twice.
   */
  #writeRecord(start: number, record: KafkaRecord, baseTimestamp: number, offsetDelta: number): number {
    const keyLength = fieldLength(record, record.key);
    const valueLength = fieldLength(record, record.value);
    const out = this.#room(start, WIDEST_FIELDS + Math.max(keyLength, 0) + Math.max(valueLength, 0));
    const body = start + this.#lengthWidth;
    let at = body;
    out[at++] = 0;
    at = writeDelta(out, at, baseTimestamp, record.timestamp);
    at = writeVarint(out, at, offsetDelta);
    at = writeField(out, at, record, record.key, keyLength);
    at = writeField(out, at, record, record.value, valueLength);
    const size = this.#writeHeaders(at, record) - body;
    const width = varintSize(size);
    if (width !== this.#lengthWidth) {
      this.#room(body + size, width).copyWithin(start + width, body, body + size);
      this.#lengthWidth = width;
    }
    return writeVarint(this.#scratch, start, size) + size;
  }

  #headersSize(record: KafkaRecord): number {
    const headers = record.headers;
    const stamp = this.#stampFor(headers);
    let size = stamp === undefined ? 0 : stamp.length;
    let count = stamp === undefined ? 0 : 1;
    if (headers) {
      count += headers.length;
      for (let i = 0; i < headers.length; i++) {
        const header = headers[i];
        for (const name in header) {
          const length = header[name]?.length ?? -1;
          size += encodedHeaderName(name).length + varintSize(length) + Math.max(length, 0);
        }
      }
    }
    return size + varintSize(count);
  }

  #writeHeaders(start: number, record: KafkaRecord): number {
    const headers = record.headers;
    const stamp = this.#stampFor(headers);
    const count = (headers?.length ?? 0) + (stamp === undefined ? 0 : 1);
    let at = writeVarint(this.#room(start, WIDEST_VARINT), start, count);
    if (headers) for (let i = 0; i < headers.length; i++) at = this.#writeHeader(at, record, headers[i]);
    if (stamp !== undefined) at += stamp.copy(this.#room(at, stamp.length), at);
    return at;
  }

  #writeHeader(start: number, record: KafkaRecord, header: RecordHeader | undefined): number {
    let at = start;
    for (const name in header) {
      const bytes = header[name];
      const encodedName = encodedHeaderName(name);
      const out = this.#room(at, encodedName.length + WIDEST_VARINT + (bytes?.length ?? 0));
      for (let i = 0; i < encodedName.length; i++) out[at++] = encodedName[i] ?? 0;
      at = writeVarint(out, at, bytes?.length ?? -1);
      if (bytes) at = writeHeaderBytes(out, at, record, name, bytes);
    }
    return at;
  }

  #stampFor(headers: readonly RecordHeader[] | null | undefined): Buffer | undefined {
    if (this.#origin === undefined || !headers) return this.#origin;
    for (let i = 0; i < headers.length; i++) if (headers[i]?.[ORIGIN_HEADER]) return undefined;
    return this.#origin;
  }

  /** The scratch buffer, grown so that `bytes` more fit after `end`. */
  #room(end: number, bytes: number): Buffer {
    if (end + bytes > this.#scratch.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#scratch.length * 2, end + bytes));
      this.#scratch.copy(larger, 0, 0, end);
      this.#scratch = larger;
    }
    return this.#scratch;
  }
}

function writeBatchHeader(batch: Buffer, attributes: number, count: number, base: number, newest: number): void {
  batch.writeBigInt64BE(0n, 0); // base offset: the broker's to assign
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12); // partition leader epoch: the broker's to fill in
  batch[16] = 2; // magic
  batch.writeInt16BE(attributes, 21);
  batch.writeInt32BE(count - 1, 23);
  batch.writeBigInt64BE(BigInt(base), 27);
  batch.writeBigInt64BE(BigInt(newest), 35);
  batch.writeInt32BE(count, 57);
}

/** Bytes of a key or value, -1 for null. */
function fieldLength(record: KafkaRecord, text: string | null | undefined): number {
  if (text === undefined || text === null) return -1;
  const length = decodedLength(text);
  if (length < 0) throw notBase64(record, text);
  return length;
}

function fieldSize(record: KafkaRecord, text: string | null | undefined): number {
  const length = fieldLength(record, text);
  return varintSize(length) + Math.max(length, 0);
}

function writeField(
  out: Buffer,
  start: number,
  record: KafkaRecord,
  text: string | null | undefined,
  bytes: number,
): number {
  const at = writeVarint(out, start, bytes);
  if (bytes <= 0 || text === undefined || text === null) return at;
  if (!writeBase64(out, at, text, bytes)) throw notBase64(record, text);
  return at + bytes;
}

function writeHeaderBytes(
  out: Buffer,
  start: number,
  record: KafkaRecord,
  name: string,
  bytes: readonly number[],
): number {
  let at = start;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? Number.NaN;
    if (!(byte >= -128 && byte <= 255)) {
      throw new MalformedRecordError(record, `header ${JSON.stringify(name)} holds ${byte}`, 'bytes from -128 to 255');
    }
    out[at++] = byte;
  }
  return at;
}

function notBase64(record: KafkaRecord, text: string): MalformedRecordError {
  const field = text === record.value ? 'value' : 'key';
  return new MalformedRecordError(record, `the ${field} (${text.length} characters) is not base64`, 'padded base64');
}
