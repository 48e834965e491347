import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { Head } from '../../../shared/offsets/head.ts';

/** HEAD of a partition of which nothing has been copied yet, but for what a test is about. */
export function headWith(changes: Partial<Head> = {}): Head {
  return {
    version: 1,
    sourceTopicId: 's1',
    targetTopicId: 't1',
    producer: { producerId: 1n, epoch: 0 },
    nextSequence: 0,
    fresh: false,
    nextSource: sourceOffset(0),
    nextTarget: targetOffset(0),
    openRun: undefined,
    grant: { kind: 'open' },
    sparse: false,
    fence: { kind: 'none' },
    lease: undefined,
    sourceLeaderEpoch: 0,
    lastTimestamp: -1,
    ...changes,
  };
}
