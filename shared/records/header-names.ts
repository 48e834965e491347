import { varintSize, writeVarint } from './varint.ts';

const MOST_NAMES = 4096;
const names = new Map<string, Uint8Array>();

/**
 * A header name as it stands in a record: its length as a varint, then UTF-8. Remembered, because topics use the same
 * few names in every record; forgotten all at once when somebody puts data into names.
 */
export function encodedHeaderName(name: string): Uint8Array {
  const known = names.get(name);
  if (known !== undefined) return known;
  const utf8 = Buffer.from(name, 'utf8');
  const encoded = new Uint8Array(varintSize(utf8.length) + utf8.length);
  encoded.set(utf8, writeVarint(encoded, 0, utf8.length));
  if (names.size >= MOST_NAMES) names.clear();
  names.set(name, encoded);
  return encoded;
}
