import { MalformedEventError } from './errors.ts';
import type { KafkaRecord } from './record.ts';

/** The records of one partition, offsets ascending. */
export interface PartitionRecords {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly KafkaRecord[];
}

/** A partition's part of an event that cannot be appended. Nothing of it was written. */
export interface RefusedPartition {
  readonly error: MalformedEventError;
  /** What Lambda is to deliver again; undefined when the part does not tell: then it is the whole event. */
  readonly records: (Omit<PartitionRecords, 'records'> & { readonly offsets: readonly number[] }) | undefined;
}

export interface KafkaEvent {
  /** ARN of the Amazon MSK cluster; undefined for a self-managed one. */
  readonly clusterArn: string | undefined;
  /** In the event's order, each with at least one record. */
  readonly partitions: readonly PartitionRecords[];
  /** The others are not held up by them. */
  readonly refused: readonly RefusedPartition[];
}

/**
 * Checks the shape of a Lambda event in one pass over its records; keys, values and header bytes are checked where they
 * are encoded. The records are the event's own objects, not copies.
 * @throws MalformedEventError when it is no event of a Kafka event source mapping
 */
export function parseEvent(event: unknown): KafkaEvent {
  if (!isObject(event)) throw new MalformedEventError(describe(event), 'an object');
  const source = event.eventSource;
  if (source !== 'aws:kafka' && source !== 'SelfManagedKafka') {
    throw new MalformedEventError(`eventSource is ${describe(source)}`, '"aws:kafka" or "SelfManagedKafka"');
  }
  const arn = event.eventSourceArn;
  if (arn !== undefined && typeof arn !== 'string') {
    throw new MalformedEventError(`eventSourceArn is ${describe(arn)}`, 'the ARN of an Amazon MSK cluster');
  }
  const groups = event.records;
  if (!isObject(groups)) {
    throw new MalformedEventError(`records is ${describe(groups)}`, 'an object of arrays by "<topic>-<partition>"');
  }
  const partitions: PartitionRecords[] = [];
  const refused: RefusedPartition[] = [];
  for (const [name, records] of Object.entries(groups)) {
    if (Array.isArray(records) && records.length === 0) continue;
    try {
      partitions.push(parsePartition(name, records));
    } catch (error) {
      if (!(error instanceof MalformedEventError)) throw error;
      refused.push({ error, records: refusedRecords(name, records) });
    }
  }
  return { clusterArn: arn, partitions, refused };
}

/** Only what says of itself where it belongs, and says the same as `name`, can be named in an answer. */
function refusedRecords(name: string, records: unknown): RefusedPartition['records'] {
  if (!Array.isArray(records)) return undefined;
  const [first]: unknown[] = records;
  if (!isObject(first)) return undefined;
  const { topic, partition } = first;
  if (typeof topic !== 'string' || !isCount(partition) || name !== `${topic}-${partition}`) return undefined;
  const offsets = new Set<number>();
  for (const record of records) {
    if (!isObject(record) || record.topic !== topic || record.partition !== partition) return undefined;
    if (!isCount(record.offset)) return undefined;
    offsets.add(record.offset);
  }
  return { topic, partition, offsets: [...offsets].sort((one, other) => one - other) };
}

function parsePartition(name: string, records: unknown): PartitionRecords {
  if (!Array.isArray(records)) {
    throw new MalformedEventError(`records["${name}"] is ${describe(records)}`, 'an array of records');
  }
  let first: KafkaRecord | undefined;
  let previous = -1;
  for (let i = 0; i < records.length; i++) {
    const record: unknown = records[i];
    const fault = shapeFault(record);
    if (fault !== undefined || !isRecord(record)) {
      throw new MalformedEventError(`records["${name}"][${i}]: ${fault?.found}`, fault?.expected ?? 'a record');
    }
    first ??= checkName(name, record);
    if (record.partition !== first.partition || record.topic !== first.topic) {
      throw new MalformedEventError(
        `records["${name}"][${i}] belongs to ${record.topic}-${record.partition}`,
        'records of one partition only',
      );
    }
    if (record.offset <= previous) {
      throw new MalformedEventError(
        `partition ${name} has offset ${record.offset} after ${previous}`,
        'offsets in ascending order',
      );
    }
    previous = record.offset;
  }
  return { topic: first?.topic ?? '', partition: first?.partition ?? 0, records };
}

function checkName(name: string, record: KafkaRecord): KafkaRecord {
  if (name === `${record.topic}-${record.partition}`) return record;
  throw new MalformedEventError(
    `records["${name}"] holds records of ${record.topic}-${record.partition}`,
    'the same name',
  );
}

interface Fault {
  readonly found: string;
  readonly expected: string;
}

function isRecord(record: unknown): record is KafkaRecord {
  return isObject(record);
}

/** What keeps `record` from being a KafkaRecord. On the hot path: plain comparisons, no allocation unless there is one. */
function shapeFault(record: unknown): Fault | undefined {
  if (!isObject(record)) return { found: describe(record), expected: 'a record object' };
  const { topic, partition, offset, timestamp, key, value, headers } = record as Partial<Record<string, unknown>>;
  if (typeof topic !== 'string' || topic === '') return wrong('topic', topic, 'a topic name');
  if (!isCount(partition)) return wrong('partition', partition, 'a partition number');
  if (!isCount(offset)) return wrong('offset', offset, 'a whole number from 0 to 2^53 - 1');
  if (!Number.isSafeInteger(timestamp)) return wrong('timestamp', timestamp, 'ms since the epoch, within 2^53');
  if (key !== undefined && key !== null && typeof key !== 'string') return unfit('key', key, 'base64 or null');
  if (value !== undefined && value !== null && typeof value !== 'string')
    return unfit('value', value, 'base64 or null');
  return headers === undefined || headers === null ? undefined : headersFault(headers);
}

function headersFault(headers: unknown): Fault | undefined {
  const expected = 'an array of objects with one header each, {"name": [bytes]}';
  if (!Array.isArray(headers)) return unfit('headers', headers, expected);
  for (let i = 0; i < headers.length; i++) {
    const header: unknown = headers[i];
    if (!isObject(header)) return unfit(`headers[${i}]`, header, expected);
    let names = 0;
    for (const name in header) {
      const bytes = header[name];
      if (bytes !== null && !Array.isArray(bytes))
        return unfit(`headers[${i}]["${name}"]`, bytes, 'an array of bytes or null');
      names++;
    }
    if (names !== 1) return { found: `headers[${i}] has ${names} names`, expected };
  }
  return undefined;
}

function wrong(field: string, found: unknown, expected: string): Fault {
  return { found: `${field} is ${describe(found)}`, expected };
}

/** Of what applications wrote only the type is told: messages end up in logs. */
function unfit(field: string, found: unknown, expected: string): Fault {
  return { found: `${field} is ${isPlain(found) ? `a ${typeof found}` : describe(found)}`, expected };
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' && value !== undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isSafeInteger(value);
}

const LONGEST_EXCERPT = 60;

function describe(value: unknown): string {
  if (value === undefined) return 'absent';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT)}...` : text;
}
