import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { sourceOffset, type TargetOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { CommittedOffset, GroupOffsets, Untold } from '../../../shared/groups/committed-offsets.ts';
import { GroupActivity } from '../../../shared/groups/group.ts';
import { commitsOf, type GroupFacts, type PartitionKnowledge, planGroup } from '../../../shared/groups/plan.ts';
import { leftOut, REASONS, Reason, reasonOfRefusal } from '../../../shared/groups/reason.ts';
import { type CopiedPartition, copiedPartitions, translate } from './copied-partition.ts';

const REMOTE = 'us-east.orders';

function at<O extends number>(offset: O, metadata = ''): CommittedOffset<O> {
  return { offset, leaderEpoch: 3, metadata };
}

/** Partition `p` of `orders` is copied as `partitions[p]` says; nothing else is. */
function knowing(partitions: readonly CopiedPartition[]): PartitionKnowledge {
  const find = (topic: string, partition: number) => (topic === 'orders' ? partitions[partition] : undefined);
  return {
    find: (topic, partition) => find(topic, partition)?.logs ?? leftOut(Reason.TopicNotReplicated),
    translate: (topic, partition, offset) => {
      const copied = find(topic, partition);
      return copied ? translate(copied, offset) : { kind: 'unmapped' };
    },
  };
}

const untold: Untold = { code: 'UNSTABLE_OFFSET_COMMIT' };
const answers = <O extends number>(toOffset: (value: number) => O) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.nat(40).map((value) => at(toOffset(value), `m${value}`)) },
    { weight: 1, arbitrary: fc.constant(untold) },
    { weight: 2, arbitrary: fc.constant(undefined) },
  );

/** Partitions, and a group that has, or does not have, an offset for each of them on both sides, and for others too. */
const worlds = fc.array(copiedPartitions, { minLength: 1, maxLength: 4 }).chain((partitions) => {
  const offsets = <O extends number>(toOffset: (value: number) => O) =>
    fc.array(answers(toOffset), { minLength: partitions.length + 1, maxLength: partitions.length + 1 });
  return fc.record({
    partitions: fc.constant(partitions),
    source: offsets(sourceOffset),
    target: offsets(targetOffset),
    activity: fc.constantFrom(GroupActivity.Idle, GroupActivity.Idle, GroupActivity.Unknown, GroupActivity.Active),
  });
});

function offsetsOf<O extends number>(
  topic: string,
  answers: readonly (CommittedOffset<O> | Untold | undefined)[],
): GroupOffsets<O> {
  return new Map([[topic, new Map([...answers.entries()].flatMap(([p, each]) => (each ? [[p, each]] : [])))]]);
}

type World = typeof worlds extends fc.Arbitrary<infer W> ? W : never;

function factsOf({ source, target, activity }: World, changed?: GroupOffsets<TargetOffset>): GroupFacts {
  return {
    group: 'billing',
    source: offsetsOf('orders', source),
    target: { activity, offsets: changed ?? offsetsOf(REMOTE, target) },
  };
}

describe('the plan of a group', () => {
  test('has each partition that the group has an offset for once: a commit or a reason', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { partitions } = planGroup(factsOf(world), knowing(world.partitions));
        const given = world.source.flatMap((each, p) => (each ? [p] : []));
        expect(partitions.map(({ partition }) => partition)).toEqual(given);
        for (const { decision } of partitions) {
          if (decision.kind === 'left-out') expect(REASONS[decision.reason]).toMatch(/\.$/);
        }
      }),
    );
  });

  test('never sets a group back, nor moves one that has members or that nobody can tell the offset of', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        for (const { partition, decision } of planGroup(factsOf(world), knowing(world.partitions)).partitions) {
          if (decision.kind !== 'commit') continue;
          const there = world.target[partition];
          expect(world.activity).not.toBe('active');
          expect(there).not.toBe(untold);
          if (there && 'offset' in there) expect(decision.offset).toBeGreaterThan(there.offset);
        }
      }),
    );
  });

  test('never goes past the end of the log, nor of what is replicated', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        for (const { partition, decision } of planGroup(factsOf(world), knowing(world.partitions)).partitions) {
          const copied = world.partitions[partition];
          if (decision.kind !== 'commit' || !copied) continue;
          const { logStart, logEnd } = copied.logs.target;
          expect(decision.offset).toBeLessThanOrEqual(logEnd);
          expect(decision.offset).toBeLessThanOrEqual(Math.max(copied.frontier.nextTarget, logStart));
        }
      }),
    );
  });

  test('changes nothing when it is carried out twice', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const knowledge = knowing(world.partitions);
        const first = planGroup(factsOf(world), knowledge);
        const { planned, offsets } = commitsOf(first);
        const after = [...world.target];
        for (const { partition, offset, metadata } of offsets) after[partition] = at(offset, metadata);

        const second = planGroup(factsOf(world, offsetsOf(REMOTE, after)), knowledge);

        expect(commitsOf(second).offsets).toEqual([]);
        const moved = new Set(planned.map(({ partition }) => partition));
        for (const [i, { partition, decision }] of second.partitions.entries()) {
          expect(decision).toEqual(
            moved.has(partition) ? { kind: 'left-out', reason: 'unchanged' } : first.partitions[i]?.decision,
          );
        }
      }),
    );
  });

  const copied: CopiedPartition = {
    runs: [{ source: sourceOffset(0), target: targetOffset(0), length: 90 }],
    frontier: { nextSource: sourceOffset(90), nextTarget: targetOffset(90) },
    logs: {
      remoteTopic: REMOTE,
      source: { logStart: sourceOffset(0), logEnd: sourceOffset(100) },
      target: { logStart: targetOffset(0), logEnd: targetOffset(90) },
    },
  };
  const decisionOf = (
    source: number,
    target: CommittedOffset<TargetOffset> | Untold | undefined,
    activity: GroupActivity,
  ) => {
    const world = { partitions: [copied], source: [at(sourceOffset(source), 'kept')], target: [target], activity };
    return planGroup(factsOf(world), knowing([copied])).partitions[0]?.decision;
  };

  it.each([
    [
      'a group that is nowhere yet',
      40,
      undefined,
      'idle',
      { kind: 'commit', offset: 40, beyond: 0, before: undefined },
    ],
    ['a group behind', 40, at(targetOffset(30)), 'idle', { kind: 'commit', offset: 40, beyond: 0, before: 30 }],
    ['a group ahead of the copy', 97, at(targetOffset(30)), 'idle', { kind: 'commit', offset: 90, beyond: 7 }],
    ['a group whose state is not known', 40, at(targetOffset(30)), 'unknown', { kind: 'commit', offset: 40 }],
    ['a group with members', 40, at(targetOffset(30)), 'active', { reason: 'group-active-on-target' }],
    ['a group that is there', 40, at(targetOffset(40)), 'idle', { reason: 'unchanged' }],
    ['a group ahead', 40, at(targetOffset(41)), 'idle', { reason: 'ahead-on-target', detail: 'at 41, translated 40' }],
    ['a group past the log', 40, at(targetOffset(91)), 'idle', { reason: 'target-offset-past-log-end' }],
    ['an offset nobody tells', 40, untold, 'idle', { reason: 'target-offset-unknown', detail: untold.code }],
  ] as const)('for %s', (_what, source, target, activity, expected) => {
    expect(decisionOf(source, target, activity)).toMatchObject(expected);
  });

  it('keeps the metadata of the source’s offset', () => {
    const world = {
      partitions: [copied],
      source: [at(sourceOffset(40), 'kept')],
      target: [undefined],
      activity: GroupActivity.Idle,
    };
    expect(commitsOf(planGroup(factsOf(world), knowing([copied]))).offsets).toEqual([
      { topic: REMOTE, partition: 0, offset: 40, metadata: 'kept' },
    ]);
  });

  it('is not made for a group that the source tells nothing of', () => {
    const target = { activity: GroupActivity.Idle, offsets: new Map() };
    const refused = { code: 'GROUP_AUTHORIZATION_FAILED' };
    expect(planGroup({ group: 'billing', source: refused, target }, knowing([]))).toEqual({
      group: 'billing',
      untold: refused,
      partitions: [],
    });
  });

  it('leaves out every partition when the target tells nothing of the group', () => {
    const source = offsetsOf('orders', [at(sourceOffset(40))]);
    const target = { activity: GroupActivity.Idle, offsets: { code: 'COORDINATOR_NOT_AVAILABLE' } };
    const [plan] = planGroup({ group: 'billing', source, target }, knowing([copied])).partitions;
    expect(plan?.decision).toEqual(leftOut('target-offset-unknown', 'COORDINATOR_NOT_AVAILABLE'));
    expect(plan?.place).toMatchObject({ offset: 40 });
  });
});

describe('a broker’s refusal', () => {
  it.each([
    ['UNKNOWN_MEMBER_ID', 'group-active-on-target'],
    ['REBALANCE_IN_PROGRESS', 'group-active-on-target'],
    ['STALE_MEMBER_EPOCH', 'group-active-on-target'],
    ['KAFKA_DEADLINE_EXCEEDED', 'out-of-time'],
    ['GROUP_AUTHORIZATION_FAILED', 'refused-by-target'],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'refused-by-target'],
  ])('%s is the reason %s', (code, reason) => {
    expect(reasonOfRefusal(code)).toEqual({ kind: 'left-out', reason, detail: code });
  });
});
