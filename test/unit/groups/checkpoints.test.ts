import { describe, expect, it } from 'vitest';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { checkpointsOf } from '../../../shared/groups/checkpoints.ts';
import { leftOut, Reason } from '../../../shared/groups/reason.ts';

describe('checkpoints', () => {
  it('tell the place of a group even where it may not be set, and nothing where it has none', () => {
    const committed = { offset: sourceOffset(40), leaderEpoch: 1, metadata: 'm' };
    const place = { kind: 'place', offset: targetOffset(38), beyond: 0 } as const;
    const active = leftOut(Reason.GroupActive);
    const unmapped = leftOut(Reason.NothingReplicated);
    const partitions = [
      { topic: 'orders', partition: 0, remoteTopic: 'us-east.orders', committed, place, decision: active },
      { topic: 'orders', partition: 1, remoteTopic: 'us-east.orders', committed, place: unmapped, decision: unmapped },
    ];
    expect(checkpointsOf({ group: 'billing', partitions })).toEqual([
      {
        group: 'billing',
        topic: 'us-east.orders',
        partition: 0,
        upstreamOffset: 40,
        downstreamOffset: 38,
        metadata: 'm',
      },
    ]);
  });
});
