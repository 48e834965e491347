import { counted } from '../../counted.ts';
import type { Destination, RepairedRecord } from './repair.ts';

/** What a destination would make of records, other than to hold them as they are. */
export function remarksOn(
  destination: Destination | undefined,
  records: readonly RepairedRecord[],
  now: number,
): readonly string[] {
  if (destination === undefined) return [];
  const { compacted, keepsTimestamps, retentionMs } = destination;
  const isOlder = ({ outcome }: RepairedRecord) =>
    outcome.kind === 'to-write' && outcome.timestamp >= 0 && outcome.timestamp < now - (retentionMs ?? now);
  const older = records.filter(isOlder).length;
  return [
    ...(compacted
      ? ['it is compacted: it takes no record without a key, and keeps of several with one key the last alone']
      : []),
    ...(keepsTimestamps ? [] : ['message.timestamp.type is LogAppendTime: records get the time of their writing']),
    ...(older > 0
      ? [
          `retention.ms is ${retentionMs}: ${counted(older, 'record')} to write are older, and brokers may delete them at once`,
        ]
      : []),
  ];
}
