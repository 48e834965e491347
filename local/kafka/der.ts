/** The part of ASN.1's distinguished encoding (X.690) that a certificate is made of. */

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

const CONTEXT_SPECIFIC = 0x80;
const CONSTRUCTED = 0x20;

export function sequence(...elements: readonly Buffer[]): Buffer {
  return encoded(TAG.sequence, ...elements);
}
export function set(...elements: readonly Buffer[]): Buffer {
  return encoded(TAG.set, ...elements);
}
export function boolean(value: boolean): Buffer {
  return encoded(TAG.boolean, Buffer.of(value ? 0xff : 0));
}
/** @param bytes a positive number, most significant byte first; its first bit must be 0 */
export function integer(bytes: Buffer): Buffer {
  return encoded(TAG.integer, bytes);
}
/** @param unusedBits how many of the last byte's bits do not count */
export function bitString(bytes: Buffer, unusedBits = 0): Buffer {
  return encoded(TAG.bitString, Buffer.of(unusedBits), bytes);
}
export function octetString(bytes: Buffer): Buffer {
  return encoded(TAG.octetString, bytes);
}
export function utf8String(text: string): Buffer {
  return encoded(TAG.utf8String, Buffer.from(text));
}
/** @param time of the years 1950 to 2049 */
export function utcTime(time: Date): Buffer {
  return encoded(TAG.utcTime, Buffer.from(`${time.toISOString().replace(/\D/g, '').slice(2, 14)}Z`));
}
/** `[number]` around elements. */
export function explicit(number: number, ...elements: readonly Buffer[]): Buffer {
  return encoded(CONTEXT_SPECIFIC | CONSTRUCTED | number, ...elements);
}
/** `[number]` in place of a string's own tag. */
export function implicit(number: number, bytes: Buffer): Buffer {
  return encoded(CONTEXT_SPECIFIC | number, bytes);
}

/** @param dotted as `2.5.4.3` */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return encoded(TAG.objectIdentifier, Buffer.from([first * 40 + second, ...others].flatMap(base128)));
}

function base128(value: number): number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(128 + (rest % 128));
  return digits;
}

function encoded(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag), lengthOf(content), content]);
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const bytes = length < 0x100 ? [length] : [length >> 8, length & 0xff];
  return Buffer.of(0x80 | bytes.length, ...bytes);
}
