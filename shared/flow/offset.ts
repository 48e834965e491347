/**
 * Offsets are JavaScript numbers: Lambda hands them over as JSON numbers, and a partition that takes a million records
 * a second needs 285 years to pass 2^53. The brands keep the two sides of a flow apart, which is the mistake that
 * would corrupt an offset map without anything failing.
 */
declare const side: unique symbol;

/** An offset in the source partition's log. */
export type SourceOffset = number & { readonly [side]: 'source' };
/** An offset in the target partition's log. */
export type TargetOffset = number & { readonly [side]: 'target' };

/** @throws RangeError unless `value` is a whole number from 0 to 2^53 - 1 */
export function sourceOffset(value: number): SourceOffset {
  return checked(value) as SourceOffset;
}

/** @throws RangeError unless `value` is a whole number from 0 to 2^53 - 1 */
export function targetOffset(value: number): TargetOffset {
  return checked(value) as TargetOffset;
}

/** `offset` moved on by `records` (which may be negative), on the same side. */
export function advance<O extends SourceOffset | TargetOffset>(offset: O, records: number): O {
  return checked(offset + records) as O;
}

function checked(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not an offset: ${value}`);
  return value;
}
