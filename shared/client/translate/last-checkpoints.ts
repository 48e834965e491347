import { decodeCheckpointKey } from '../../mm2/checkpoint.ts';
import { MalformedMirrorRecordError } from '../../mm2/errors.ts';
import { LatestCheckpoints } from '../../mm2/latest-checkpoints.ts';
import type { LoggedRecord } from '../../mm2/mirror-log.ts';
import type { LastCheckpoints } from './ports.ts';

/**
 * What a checkpoints topic says of a group last.
 * @param records of the topic, in their order
 * @returns undefined when it says nothing
 */
export function lastCheckpointsOf(records: Iterable<LoggedRecord>, group: string): LastCheckpoints | undefined {
  const latest = new LatestCheckpoints();
  let at = 0;
  for (const record of records) {
    if (groupOf(record.key) !== group) continue;
    latest.read(record);
    at = Math.max(at, record.timestamp);
  }
  const offsets = latest
    .of(group)
    .map(({ topic, partition, upstreamOffset }) => ({ topic, partition, offset: upstreamOffset }));
  return offsets.length === 0 ? undefined : { at, offsets };
}

/** Undefined for a record that is no checkpoint's. */
function groupOf(key: Buffer | null): string | undefined {
  try {
    return decodeCheckpointKey(key).group;
  } catch (error) {
    if (error instanceof MalformedMirrorRecordError) return undefined;
    throw error;
  }
}
