import { describe, expect, it } from 'vitest';
import { StandingsLog } from '../../../shared/checkpoint/standings.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { Commit } from '../../../shared/groups/decide.ts';
import type { GroupPlan } from '../../../shared/groups/plan.ts';
import { type LeftOut, leftOut, Reason } from '../../../shared/groups/reason.ts';

const there = { kind: 'place', offset: targetOffset(7), beyond: 0 } as const;
const commit: Commit = { kind: 'commit', offset: targetOffset(7), beyond: 0, before: undefined };
const committed = { offset: sourceOffset(9), leaderEpoch: -1, metadata: '' };

function plan(group: string, ...decisions: readonly (Commit | LeftOut)[]): GroupPlan {
  const of = { topic: 'orders', remoteTopic: 'us-east.orders', committed, place: there };
  return { group, partitions: decisions.map((decision, partition) => ({ ...of, partition, decision })) };
}

const active = leftOut(Reason.GroupActive);
const ahead = leftOut(Reason.AheadOnTarget, 'at 9, translated 7');
const unchanged = leftOut(Reason.Unchanged);

describe('how partitions stand', () => {
  it('is counted by reason each time, and told once', () => {
    const log = new StandingsLog(true);

    const first = log.take([plan('billing', commit, ahead, unchanged), plan('shipping', active)]);
    const second = log.take([plan('billing', unchanged, ahead, commit), plan('shipping', active)]);

    for (const { inStep, leftOut: counts } of [first, second]) {
      expect(inStep).toBe(2);
      expect(Object.fromEntries(counts)).toEqual({ 'ahead-on-target': 1, 'group-active-on-target': 1 });
    }
    const told = { group: 'billing', topic: 'orders', partition: 1, detail: 'at 9, translated 7' };
    expect(first.newlyLeftOut.get(Reason.AheadOnTarget)).toEqual([told]);
    expect([...second.newlyLeftOut, ...second.againInStep]).toEqual([]);
  });

  it('is news when the reason is another one, and when there is none any more', () => {
    const log = new StandingsLog(true);
    log.take([plan('billing', active, active)]);

    const { newlyLeftOut, againInStep } = log.take([plan('billing', ahead, commit)]);

    expect([...newlyLeftOut.keys()]).toEqual(['ahead-on-target']);
    expect(againInStep).toEqual([
      { group: 'billing', topic: 'orders', partition: 1, detail: 'group-active-on-target' },
    ]);
  });

  it('is the place alone where nothing is committed', () => {
    const log = new StandingsLog(false);
    const older = leftOut(Reason.OlderThanMap);
    const partitions = plan('billing', active, older).partitions.map((each, i) =>
      i === 1 ? { ...each, place: older } : each,
    );

    expect(Object.fromEntries(log.take([{ group: 'billing', partitions }]).leftOut)).toEqual({ 'older-than-map': 1 });
  });

  it('names groups of which nothing was told', () => {
    const { untold } = new StandingsLog(true).take([
      { group: 'billing', untold: { code: 'NOT_COORDINATOR' }, partitions: [] },
    ]);
    expect(Object.fromEntries(untold)).toEqual({ billing: 'NOT_COORDINATOR' });
  });
});
