import { decodedLength } from './base64.ts';
import type { KafkaRecord } from './record.ts';

/** Keys and values as Kafka has them, bytes. */
export function bytesOf(records: readonly Pick<KafkaRecord, 'key' | 'value'>[]): number {
  let bytes = 0;
  for (const { key, value } of records) {
    if (key) bytes += decodedLength(key);
    if (value) bytes += decodedLength(value);
  }
  return bytes;
}

/**
 * Timestamps of the oldest record and of others, evenly spread, ms since the epoch. Records without one are passed over.
 * @param most at least 1
 */
export function sampleTimestamps(records: readonly Pick<KafkaRecord, 'timestamp'>[], most: number): readonly number[] {
  const told: number[] = [];
  let oldest = Number.POSITIVE_INFINITY;
  for (const { timestamp } of records) {
    if (timestamp < 0) continue;
    told.push(timestamp);
    if (timestamp < oldest) oldest = timestamp;
  }
  if (told.length <= most) return told;
  const spread = Array.from({ length: most - 1 }, (_, i) => told[Math.floor(((i + 1) * told.length) / most)] ?? oldest);
  return [oldest, ...spread];
}
