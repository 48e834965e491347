import type { DecodedRecord } from './decode.ts';

/** A marker's key is its version and its type, each in two bytes (KIP-98, `ControlRecordType`). */
const ABORT = 0;
const COMMIT = 1;

/** @param marker the record of a control batch */
export function isAbort(marker: DecodedRecord | undefined): boolean {
  return typeOf(marker) === ABORT;
}

/** @param marker the record of a control batch */
export function isCommit(marker: DecodedRecord | undefined): boolean {
  return typeOf(marker) === COMMIT;
}

function typeOf(marker: DecodedRecord | undefined): number | undefined {
  return marker?.key?.readInt16BE(2);
}
