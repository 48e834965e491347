/** Kafka's record format stores lengths and deltas as zig-zag varints (int32) and varlongs (int64). */

const INT32_MIN = -0x80000000;
const INT32_MAX = 0x7fffffff;

export function varintSize(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x200000 ? 3 : zigzag < 0x10000000 ? 4 : 5;
}

/** @returns the position after it */
export function writeVarint(out: Uint8Array, at: number, value: number): number {
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  while (zigzag > 0x7f) {
    out[at++] = (zigzag & 0x7f) | 0x80;
    zigzag >>>= 7;
  }
  out[at++] = zigzag;
  return at;
}

/** Writes `to - from`, both safe integers, as a varlong. @returns the position after it */
export function writeDelta(out: Uint8Array, at: number, from: number, to: number): number {
  const delta = to - from;
  if (delta >= INT32_MIN && delta <= INT32_MAX) return writeVarint(out, at, delta);
  let zigzag = zigzagDelta(from, to);
  for (; zigzag > 0x7fn; zigzag >>= 7n) out[at++] = Number(zigzag & 0x7fn) | 0x80;
  out[at++] = Number(zigzag);
  return at;
}

function zigzagDelta(from: number, to: number): bigint {
  const delta = BigInt(to) - BigInt(from);
  return BigInt.asUintN(64, (delta << 1n) ^ (delta >> 63n));
}

/** Reads varints one after the other. Past the end of the buffer it throws RangeError. */
export class VarintReader {
  readonly bytes: Buffer;
  position: number;

  constructor(bytes: Buffer, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  varint(): number {
    let zigzag = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte();
      zigzag |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (zigzag >>> 1) ^ -(zigzag & 1);
    }
    throw new RangeError('varint longer than 5 bytes');
  }

  varlong(): bigint {
    let zigzag = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      zigzag |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, (zigzag >> 1n) ^ -(zigzag & 1n));
    }
    throw new RangeError('varlong longer than 10 bytes');
  }

  /** A length, then that many bytes; -1 is null. */
  nullableBytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    const end = this.position + length;
    if (end > this.bytes.length) throw new RangeError('length past the end of the batch');
    const slice = this.bytes.subarray(this.position, end);
    this.position = end;
    return slice;
  }

  skip(bytes: number): void {
    this.position += bytes;
  }

  #byte(): number {
    const byte = this.bytes[this.position++];
    if (byte === undefined) throw new RangeError('batch ends inside a varint');
    return byte;
  }
}
