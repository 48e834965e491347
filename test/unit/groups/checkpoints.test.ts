import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { CheckpointMemory, checkpointsOf, type GroupCheckpoint } from '../../../shared/groups/checkpoints.ts';
import { leftOut, Reason } from '../../../shared/groups/reason.ts';

function checkpoint(upstream: number, downstream: number, changes: Partial<GroupCheckpoint> = {}): GroupCheckpoint {
  return {
    group: 'billing',
    topic: 'us-east.orders',
    partition: 0,
    upstreamOffset: sourceOffset(upstream),
    downstreamOffset: targetOffset(downstream),
    metadata: '',
    ...changes,
  };
}

describe('checkpoints', () => {
  it('tell the place of a group even where it may not be set', () => {
    const committed = { offset: sourceOffset(40), leaderEpoch: 1, metadata: 'm' };
    const place = { kind: 'place', offset: targetOffset(38), beyond: 0 } as const;
    const active = leftOut(Reason.GroupActive);
    const unmapped = leftOut(Reason.NothingReplicated);
    const partitions = [
      { topic: 'orders', partition: 0, remoteTopic: 'us-east.orders', committed, place, decision: active },
      { topic: 'orders', partition: 1, remoteTopic: 'us-east.orders', committed, place: unmapped, decision: unmapped },
    ];
    expect(checkpointsOf({ group: 'billing', partitions })).toEqual([checkpoint(40, 38, { metadata: 'm' })]);
  });

  it.each([
    ['the same again', 100, 50, false],
    ['source and target onwards', 101, 51, true],
    ['only the source onwards', 101, 50, false],
    ['only the target onwards', 100, 51, true],
    ['the source back, and the target with it', 90, 45, true],
    ['the source back, the target where it was', 90, 50, true],
    ['the source onwards, the target back', 110, 49, false],
  ])('after 100 -> 50, %s: %s -> %s', (_what, upstream, downstream, due) => {
    const memory = new CheckpointMemory();
    expect(memory.due([checkpoint(100, 50)])).toHaveLength(1);
    memory.remember([checkpoint(100, 50)]);
    expect(memory.due([checkpoint(upstream, downstream)])).toHaveLength(due ? 1 : 0);
  });

  it('are told of each group and partition apart', () => {
    const memory = new CheckpointMemory();
    memory.remember([checkpoint(100, 50)]);
    const others = [
      checkpoint(100, 50, { partition: 1 }),
      checkpoint(100, 50, { group: 'shipping' }),
      checkpoint(100, 50, { topic: 'us-east.payments' }),
    ];
    expect(memory.due([checkpoint(100, 50), ...others])).toEqual(others);
  });

  it('are due again when writing them failed', () => {
    const memory = new CheckpointMemory();
    memory.due([checkpoint(100, 50)]);
    expect(memory.due([checkpoint(100, 50)])).toHaveLength(1);
  });

  test('go back on the target only when the group went back on the source', () => {
    const seen = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { minLength: 1 });
    fc.assert(
      fc.property(seen, (positions) => {
        const memory = new CheckpointMemory();
        const written: GroupCheckpoint[] = [];
        for (const [upstream, downstream] of positions) {
          const due = memory.due([checkpoint(upstream, downstream)]);
          memory.remember(due);
          written.push(...due);
        }
        for (const [i, { upstreamOffset, downstreamOffset }] of written.entries()) {
          const before = written[i - 1];
          if (!before) continue;
          expect(downstreamOffset > before.downstreamOffset || upstreamOffset < before.upstreamOffset).toBe(true);
        }
      }),
    );
  });
});
