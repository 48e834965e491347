/** Writes whole numbers of 0 or more, seven bits a byte, least significant first (LEB128). */
export function encodeVarints(values: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (const value of values) {
    let rest = value;
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

/** @throws RangeError when the bytes end inside a number or a number passes 2^53 - 1 */
export function decodeVarints(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let value = 0;
  let weight = 1;
  for (const byte of bytes) {
    value += (byte % 128) * weight;
    if (!Number.isSafeInteger(value)) throw new RangeError('a number is larger than 2^53 - 1');
    if (byte >= 128) weight *= 128;
    else {
      values.push(value);
      value = 0;
      weight = 1;
    }
  }
  if (weight !== 1) throw new RangeError('the bytes end inside a number');
  return values;
}
