import { ORIGIN_HEADER } from '../records/headers.ts';
import { type LogRecord, partsOf, type RecordParts } from './log-record.ts';

const ORIGIN = Buffer.from(ORIGIN_HEADER);

/** What a flow does with a record besides copying it. */
export interface CopyRules {
  /** The alias that records without an `origin-dc` header get one of; undefined: they get none. */
  readonly stamp: string | undefined;
  /** Records whose last `origin-dc` header names this alias are left out; undefined: none are. */
  readonly leavesOut: string | undefined;
}

/** In what a copy differs, and where: the first byte of it. */
export interface Change {
  readonly part: 'key' | 'value' | 'headers' | 'timestamp';
  /** Byte of the part; undefined for a timestamp, and where one side has null. */
  readonly byte: number | undefined;
}

/** Whether the flow leaves a record out, since it came from the target. */
export function isLeftOut(record: LogRecord, { leavesOut }: CopyRules): boolean {
  return leavesOut !== undefined && originOf(record)?.toString('utf8') === leavesOut;
}

/** Whether `copy` is what the flow makes of `record`, to the byte. */
export function isCopy(record: LogRecord, copy: LogRecord, rules: CopyRules): boolean {
  if (record.timestamp !== copy.timestamp && !copy.appendTime) return false;
  const isSameBytes = copy.body.compare(record.body, record.at, record.end, copy.at, copy.end) === 0;
  if (rules.stamp === undefined && isSameBytes) return true;
  // Producers may write lengths in more bytes than it takes: other bytes, the same record.
  return changeBetween(record, copy, rules) === undefined;
}

/** Undefined when `copy` is what the flow makes of `record`. */
export function changeBetween(record: LogRecord, copy: LogRecord, { stamp }: CopyRules): Change | undefined {
  const [from, to] = [partsOf(record), partsOf(copy)];
  if (!isSame(from.key, to.key)) return { part: 'key', byte: firstDifference(from.key, to.key) };
  if (!isSame(from.value, to.value)) return { part: 'value', byte: firstDifference(from.value, to.value) };
  const headers = flat(stamped(from, stamp));
  const copied = flat(to.headers);
  if (!headers.equals(copied)) return { part: 'headers', byte: firstDifference(headers, copied) };
  const isTimely = record.timestamp === copy.timestamp || copy.appendTime;
  return isTimely ? undefined : { part: 'timestamp', byte: undefined };
}

/** What a record's last `origin-dc` header says that is not null. */
export function originOf(record: LogRecord): Buffer | undefined {
  return originIn(partsOf(record).headers);
}

function originIn(headers: RecordParts['headers']): Buffer | undefined {
  return headers.findLast(([name, value]) => value !== null && name.equals(ORIGIN))?.[1] ?? undefined;
}

function stamped(parts: RecordParts, stamp: string | undefined): RecordParts['headers'] {
  if (stamp === undefined || originIn(parts.headers) !== undefined) return parts.headers;
  return [...parts.headers, [ORIGIN, Buffer.from(stamp)]];
}

/** Names and values with their lengths, so that no two lists look alike. */
function flat(headers: RecordParts['headers']): Buffer {
  return Buffer.concat(headers.flatMap(([name, value]) => [length(name), name, length(value), value ?? NOTHING]));
}

const NOTHING = Buffer.alloc(0);

function length(bytes: Buffer | null): Buffer {
  const out = Buffer.alloc(4);
  out.writeInt32BE(bytes?.length ?? -1);
  return out;
}

function isSame(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}

function firstDifference(one: Buffer | null, other: Buffer | null): number | undefined {
  if (one === null || other === null) return undefined;
  const shorter = Math.min(one.length, other.length);
  for (let i = 0; i < shorter; i++) if (one[i] !== other[i]) return i;
  return shorter;
}
