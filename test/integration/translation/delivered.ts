import type { KafkaMessage } from 'kafkajs';
import type { KafkaRecord, RecordHeader } from '../../../shared/records/record.ts';

/** A record as Lambda's poller puts it into an event. */
export function deliveredRecord(topic: string, partition: number, message: KafkaMessage): KafkaRecord {
  const { offset, timestamp, key, value, headers = {} } = message;
  return {
    topic,
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    timestampType: 'CREATE_TIME',
    key: key?.toString('base64') ?? null,
    value: value?.toString('base64') ?? null,
    headers: Object.entries(headers).flatMap(([name, values]) =>
      [values].flat().map((bytes): RecordHeader => ({ [name]: bytes === undefined ? null : signedBytes(bytes) })),
    ),
  };
}

function signedBytes(bytes: Buffer | string): number[] {
  return [...Int8Array.from(Buffer.from(bytes))];
}
