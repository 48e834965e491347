import type { KafkaRecord } from './record.ts';
import { varintSize, writeVarint } from './varint.ts';

/**
 * Names the cluster that a record was first produced to (its alias, UTF-8). Flows that keep topic names add it to
 * records that have none, so that a flow back does not copy them home again. Prefixed topics need and get no header.
 */
export const ORIGIN_HEADER = 'origin-dc';

/** The cluster alias in the record's last `origin-dc` header; undefined when it has none or a null one. */
export function originOf(record: KafkaRecord): string | undefined {
  const headers = record.headers;
  if (!headers) return undefined;
  for (let i = headers.length - 1; i >= 0; i--) {
    const bytes = headers[i]?.[ORIGIN_HEADER];
    if (bytes) return Buffer.from(bytes).toString('utf8');
  }
  return undefined;
}

/** True for a record that would loop: it was first produced to `target`, the cluster a flow is about to write to. */
export function originatesFrom(target: string): (record: KafkaRecord) => boolean {
  const expected = Buffer.from(target, 'utf8').map((byte) => byte);
  return (record) => {
    const headers = record.headers;
    if (!headers) return false;
    for (let i = headers.length - 1; i >= 0; i--) {
      const bytes = headers[i]?.[ORIGIN_HEADER];
      if (bytes) return bytes.length === expected.length && bytes.every((byte, at) => (byte & 0xff) === expected[at]);
    }
    return false;
  };
}

/** The bytes of an `origin-dc: cluster` header as they stand in a record batch. */
export function encodeOriginHeader(cluster: string): Buffer {
  const name = Buffer.from(ORIGIN_HEADER);
  const value = Buffer.from(cluster, 'utf8');
  const out = Buffer.alloc(varintSize(name.length) + name.length + varintSize(value.length) + value.length);
  let at = writeVarint(out, 0, name.length);
  at += name.copy(out, at);
  at = writeVarint(out, at, value.length);
  value.copy(out, at);
  return out;
}
