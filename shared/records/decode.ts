import { codecOf } from './codec.ts';
import { crc32c } from './crc32c.ts';
import { CorruptBatchError } from './errors.ts';
import { VarintReader } from './varint.ts';

const COMPRESSION_BITS = 0b111;
const LOG_APPEND_TIME_BIT = 1 << 3;
const TRANSACTIONAL_BIT = 1 << 4;
const CONTROL_BIT = 1 << 5;
/** Base offset and length, which the length itself does not count. */
const LENGTH_END = 12;
const V2_OVERHEAD = 61;
const MAGIC_AT = 16;

/** Header of a record batch in a log, without its records. */
export interface BatchHeader {
  readonly baseOffset: number;
  /** Offset of the last record that the batch was written with, also after compaction removed it. */
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  /** Whole batch, header included. */
  readonly sizeBytes: number;
  /** 2 since Kafka 0.11; of older formats only offset and size are told. */
  readonly magic: number;
  readonly attributes: number;
  readonly logAppendTime: boolean;
  readonly transactional: boolean;
  /** A transaction marker: no record of a producer. */
  readonly control: boolean;
  /** ms since the epoch, -1 none */
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  /** -1n for a producer without idempotence. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  /** Records left in it; fewer than `lastOffset - baseOffset + 1` after compaction. */
  readonly recordCount: number;
}

export interface DecodedRecord {
  readonly offset: number;
  /** ms since the epoch, -1 none */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** In the record's order, duplicates kept. */
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
}

export interface DecodedBatch {
  readonly header: BatchHeader;
  readonly records: readonly DecodedRecord[];
}

/** A whole batch as it stands in a log; what is in it is read when it is asked for. */
export interface StoredBatch {
  readonly header: BatchHeader;
  /** Its records, decompressed, checksum verified. @throws CorruptBatchError */
  body(): Buffer;
  /** @throws CorruptBatchError */
  records(): readonly DecodedRecord[];
}

/** Walks the batches of a fetch response's bytes; one that is cut off at the end is left out. */
export function* storedBatches(log: Buffer): Generator<StoredBatch> {
  for (const [header, batch] of batches(log)) {
    yield { header, body: () => openBody(header, batch), records: () => decodeRecords(header, batch) };
  }
}

/** Walks the batch headers of a fetch response's bytes; a batch cut off at the end is left out. Reads no record. */
export function* batchHeaders(log: Buffer): Generator<BatchHeader> {
  for (const [header] of batches(log)) yield header;
}

/**
 * Decodes whole batches, all codecs, checksum verified.
 * @throws CorruptBatchError
 */
export function* decodeBatches(log: Buffer): Generator<DecodedBatch> {
  for (const [header, batch] of batches(log)) yield { header, records: decodeRecords(header, batch) };
}

function* batches(log: Buffer): Generator<[BatchHeader, Buffer]> {
  for (let at = 0; at + LENGTH_END < log.length; ) {
    const size = LENGTH_END + log.readInt32BE(at + 8);
    if (size <= MAGIC_AT) throw new CorruptBatchError(Number(log.readBigInt64BE(at)), `tells a size of ${size} bytes`);
    if (at + size > log.length) return;
    const batch = log.subarray(at, at + size);
    yield [readHeader(batch), batch];
    at += size;
  }
}

function readHeader(batch: Buffer): BatchHeader {
  const baseOffset = Number(batch.readBigInt64BE(0));
  const magic = batch[MAGIC_AT] ?? -1;
  if (magic < 2) return oldFormat(baseOffset, magic, batch.length);
  if (batch.length < V2_OVERHEAD) throw new CorruptBatchError(baseOffset, `is only ${batch.length} bytes long`);
  const attributes = batch.readInt16BE(21);
  return {
    baseOffset,
    lastOffset: baseOffset + batch.readInt32BE(23),
    leaderEpoch: batch.readInt32BE(12),
    sizeBytes: batch.length,
    magic,
    attributes,
    logAppendTime: (attributes & LOG_APPEND_TIME_BIT) !== 0,
    transactional: (attributes & TRANSACTIONAL_BIT) !== 0,
    control: (attributes & CONTROL_BIT) !== 0,
    baseTimestamp: Number(batch.readBigInt64BE(27)),
    maxTimestamp: Number(batch.readBigInt64BE(35)),
    producerId: batch.readBigInt64BE(43),
    producerEpoch: batch.readInt16BE(51),
    baseSequence: batch.readInt32BE(53),
    recordCount: batch.readInt32BE(57),
  };
}

/** Formats 0 and 1 know no producers; such a batch can only be somebody else's. */
function oldFormat(offset: number, magic: number, sizeBytes: number): BatchHeader {
  return {
    baseOffset: offset,
    lastOffset: offset,
    leaderEpoch: -1,
    sizeBytes,
    magic,
    attributes: 0,
    logAppendTime: false,
    transactional: false,
    control: false,
    baseTimestamp: -1,
    maxTimestamp: -1,
    producerId: -1n,
    producerEpoch: -1,
    baseSequence: -1,
    recordCount: 1,
  };
}

function decodeRecords(header: BatchHeader, batch: Buffer): DecodedRecord[] {
  const reader = new VarintReader(openBody(header, batch));
  try {
    return Array.from({ length: header.recordCount }, () => readRecord(reader, header));
  } catch (error) {
    throw unreadable(header, error);
  }
}

function openBody(header: BatchHeader, batch: Buffer): Buffer {
  if (header.magic !== 2) throw new CorruptBatchError(header.baseOffset, `has format ${header.magic}, only 2 is read`);
  if (crc32c(batch.subarray(21)) !== batch.readUInt32BE(17)) {
    throw new CorruptBatchError(header.baseOffset, 'its checksum does not match');
  }
  const codec = codecOf(header.attributes);
  if (codec === undefined) {
    throw new CorruptBatchError(header.baseOffset, `has unknown compression ${header.attributes & COMPRESSION_BITS}`);
  }
  try {
    return codec.decompress(batch.subarray(V2_OVERHEAD));
  } catch (error) {
    throw unreadable(header, error);
  }
}

function unreadable(header: BatchHeader, error: unknown): CorruptBatchError {
  if (error instanceof CorruptBatchError) return error;
  const name = codecOf(header.attributes)?.name ?? 'unknown';
  return new CorruptBatchError(header.baseOffset, `its records cannot be read (${name}: ${error})`);
}

function readRecord(reader: VarintReader, header: BatchHeader): DecodedRecord {
  const size = reader.varint();
  const end = reader.position + size;
  reader.skip(1); // attributes: unused
  const timestampDelta = reader.varlong();
  const offsetDelta = reader.varint();
  const key = reader.nullableBytes();
  const value = reader.nullableBytes();
  const headers = Array.from({ length: reader.varint() }, () => readHeaderOf(reader));
  if (reader.position !== end) {
    throw new CorruptBatchError(header.baseOffset, `a record of ${size} bytes ends ${reader.position - end} bytes off`);
  }
  return {
    offset: header.baseOffset + offsetDelta,
    timestamp: header.logAppendTime ? header.maxTimestamp : Number(BigInt(header.baseTimestamp) + timestampDelta),
    key,
    value,
    headers,
  };
}

function readHeaderOf(reader: VarintReader): readonly [string, Buffer | null] {
  return [(reader.nullableBytes() ?? Buffer.alloc(0)).toString('utf8'), reader.nullableBytes()];
}
