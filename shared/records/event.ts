import { MalformedEventError } from './errors.ts';
import type { KafkaRecord } from './record.ts';

/** The records of one partition, offsets ascending. */
export interface PartitionRecords {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly KafkaRecord[];
}

export interface KafkaEvent {
  /** ARN of the Amazon MSK cluster; undefined for a self-managed one. */
  readonly clusterArn: string | undefined;
  /** In the event's order; at least one, each with at least one record. */
  readonly partitions: readonly PartitionRecords[];
}

/**
 * Checks the shape of a Lambda event in one pass over its records; keys, values and header bytes are checked where they
 * are encoded. The records are the event's own objects, not copies.
 * @throws MalformedEventError naming the first fault; nothing has been written then
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
  for (const name of Object.keys(groups)) partitions.push(parsePartition(name, groups[name]));
  if (partitions.length === 0) throw new MalformedEventError('records is empty', 'at least one partition');
  return { clusterArn: arn, partitions };
}

function parsePartition(name: string, records: unknown): PartitionRecords {
  if (!Array.isArray(records) || records.length === 0) {
    throw new MalformedEventError(`records["${name}"] is ${describe(records)}`, 'an array of at least one record');
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
  if (key !== undefined && key !== null && typeof key !== 'string') return wrong('key', key, 'base64 or null');
  if (value !== undefined && value !== null && typeof value !== 'string')
    return wrong('value', value, 'base64 or null');
  return headers === undefined || headers === null ? undefined : headersFault(headers);
}

function headersFault(headers: unknown): Fault | undefined {
  const expected = 'an array of objects with one header each, {"name": [bytes]}';
  if (!Array.isArray(headers)) return wrong('headers', headers, expected);
  for (let i = 0; i < headers.length; i++) {
    const header: unknown = headers[i];
    if (!isObject(header)) return wrong(`headers[${i}]`, header, expected);
    let names = 0;
    for (const name in header) {
      const bytes = header[name];
      if (bytes !== null && !Array.isArray(bytes))
        return wrong(`headers[${i}]["${name}"]`, bytes, 'an array of bytes or null');
      names++;
    }
    if (names !== 1) return { found: `headers[${i}] has ${names} names`, expected };
  }
  return undefined;
}

function wrong(field: string, found: unknown, expected: string): Fault {
  return { found: `${field} is ${describe(found)}`, expected };
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
