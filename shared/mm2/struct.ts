import { isUtf8 } from 'node:buffer';
import {
  MalformedMirrorRecordError,
  MirrorRecordFault,
  type MirrorRecordKind,
  UnwritableMirrorRecordError,
} from './errors.ts';

const INT16_BYTES = 2;
const INT32_BYTES = 4;
const INT64_BYTES = 8;
const MAX_STRING_BYTES = 0x7fff;

/** Which part of which record a struct is, for messages. */
export interface StructName {
  readonly kind: MirrorRecordKind;
  readonly part: 'key' | 'value';
}

/** Writes the fields of a Kafka protocol struct one after the other: big-endian, strings behind their int16 size. */
export class StructWriter {
  readonly #name: StructName;
  readonly #fields: Buffer[] = [];

  constructor(name: StructName) {
    this.#name = name;
  }

  int16(value: number): this {
    return this.#append(INT16_BYTES, (field) => field.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.#append(INT32_BYTES, (field) => field.writeInt32BE(value));
  }

  /** @param value a safe integer */
  int64(value: number): this {
    return this.#append(INT64_BYTES, (field) => field.writeBigInt64BE(BigInt(value)));
  }

  /** @throws UnwritableMirrorRecordError */
  string(field: string, value: string): this {
    const text = Buffer.from(value, 'utf8');
    const { kind, part } = this.#name;
    if (text.length > MAX_STRING_BYTES)
      throw new UnwritableMirrorRecordError(kind, `${part}.${field}`, text.length, MAX_STRING_BYTES);
    this.int16(text.length).#fields.push(text);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#fields);
  }

  #append(size: number, write: (field: Buffer) => void): this {
    const field = Buffer.alloc(size);
    write(field);
    this.#fields.push(field);
    return this;
  }
}

/**
 * Reads the fields of a struct one after the other, and as Java does leaves alone what stands behind the last one.
 * Every method throws MalformedMirrorRecordError, also for what Java takes though nobody can mean it: numbers that are
 * no offset or partition, versions that do not exist, text that is not UTF-8.
 */
export class StructReader {
  readonly #name: StructName;
  readonly #bytes: Buffer;
  #position = 0;

  constructor(name: StructName, bytes: Buffer | null) {
    this.#name = name;
    if (bytes === null) {
      const fault = name.part === 'key' ? MirrorRecordFault.noKey : MirrorRecordFault.tombstone;
      throw new MalformedMirrorRecordError(name.kind, fault, name.part, 'is null');
    }
    this.#bytes = bytes;
  }

  /** A number that JavaScript holds exactly. */
  int64(field: string): number {
    const value = this.#take(field, INT64_BYTES).readBigInt64BE();
    if (!Number.isSafeInteger(Number(value))) throw this.#outOfRange(field, value, '-(2^53 - 1) to 2^53 - 1');
    return Number(value);
  }

  /** An int64 from 0 to 2^53 - 1. */
  offset(field: string): number {
    const value = this.#take(field, INT64_BYTES).readBigInt64BE();
    if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.#outOfRange(field, value, '0 to 2^53 - 1');
    return Number(value);
  }

  /** An int32 from 0 on. */
  partition(field: string): number {
    const value = this.#take(field, INT32_BYTES).readInt32BE();
    if (value < 0) throw this.#outOfRange(field, BigInt(value), '0 to 2^31 - 1');
    return value;
  }

  string(field: string): string {
    const size = this.#int16(field);
    if (size < 0) throw this.#outOfRange(field, BigInt(size), 'a size of 0 to 32767');
    const text = this.#take(field, size);
    if (!isUtf8(text)) throw this.#malformed(MirrorRecordFault.text, field, 'is not UTF-8');
    return text.toString('utf8');
  }

  /** The int16 that values begin with. */
  version(known: number): void {
    const version = this.#int16('version');
    if (version !== known)
      throw this.#malformed(MirrorRecordFault.version, 'version', `is ${version}; only ${known} is known`);
  }

  #int16(field: string): number {
    return this.#take(field, INT16_BYTES).readInt16BE();
  }

  #take(field: string, size: number): Buffer {
    const left = this.#bytes.length - this.#position;
    if (left < size) throw this.#malformed(MirrorRecordFault.truncated, field, `ends after ${left} of ${size} bytes`);
    this.#position += size;
    return this.#bytes.subarray(this.#position - size, this.#position);
  }

  #outOfRange(field: string, found: bigint, expected: string): MalformedMirrorRecordError {
    return this.#malformed(MirrorRecordFault.range, field, `is ${found}; expected ${expected}`);
  }

  #malformed(fault: MirrorRecordFault, field: string, found: string): MalformedMirrorRecordError {
    return new MalformedMirrorRecordError(this.#name.kind, fault, `${this.#name.part}.${field}`, found);
  }
}
