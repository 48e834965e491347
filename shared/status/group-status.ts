import { isTold } from '../groups/committed-offsets.ts';
import type { GroupPlan } from '../groups/plan.ts';
import { REASONS, Reason } from '../groups/reason.ts';
import { describeTopicPartition } from '../mm2/topic-partition.ts';
import { type CheckpointedGroup, type FlowFacts, known } from './facts.ts';
import { type GroupOnTarget, tellOnTarget } from './group-on-target.ts';
import { type Lag, lagOf, NOT_KNOWN, secondsSince, total } from './lag.ts';

export interface GroupStatus extends Lag {
  readonly group: string;
  /** Partitions of replicated topics. */
  readonly partitions: number;
  /** Of those, how many have a place on the target. */
  readonly translated: number;
  readonly onTarget: GroupOnTarget;
  /** Offsets that the group has consumed and the target has not got yet. */
  readonly notReplicated: number;
  readonly problems: readonly string[];
  /** Set where the source did not answer: the group as its last checkpoints have it, this old. */
  readonly checkpointAgeSeconds?: number;
}

/** Where a group's place cannot be told although its topic is replicated. */
const HARMLESS: ReadonlySet<Reason> = new Set([Reason.TopicNotReplicated, Reason.NothingReplicated]);

/** Every group that has an offset in a replicated topic. */
export function groupsOf(facts: FlowFacts, now: number): GroupStatus[] {
  const plans = known(facts.groups);
  if (plans === undefined) return checkpointedOf(facts).map((each) => asCheckpointed(facts, each, now));
  return plans.flatMap((plan) => groupOf(facts, plan, now) ?? []);
}

function groupOf(facts: FlowFacts, { group, untold, partitions }: GroupPlan, now: number): GroupStatus | undefined {
  const logs = known(facts.sourceSide)?.logs;
  if (untold !== undefined) {
    const { onTarget } = tellOnTarget(facts, group, []);
    const problems = [`${facts.source} does not tell its offsets: ${untold.code}`];
    return { group, partitions: 0, translated: 0, onTarget, notReplicated: 0, ...NOT_KNOWN, problems };
  }
  const own = partitions.filter(({ place }) => place.kind === 'place' || place.reason !== Reason.TopicNotReplicated);
  if (own.length === 0) return undefined;
  const lags = own.map(({ topic, partition, committed }) => {
    const log = logs?.get(topic)?.get(partition);
    const known = log !== undefined && isTold(log) && committed !== undefined;
    return lagOf(facts, known ? { topic, partition, ...log } : undefined, committed?.offset, now);
  });
  const places = own.flatMap(({ place, partition, remoteTopic: topic }) =>
    place.kind === 'place' && topic !== undefined ? [{ group, topic, partition, ...place }] : [],
  );
  const unplaced = own.flatMap(({ topic, partition, place }) =>
    place.kind === 'place' || HARMLESS.has(place.reason)
      ? []
      : [`${describeTopicPartition({ topic, partition })}: ${REASONS[place.reason]}`],
  );
  const { onTarget, problems } = tellOnTarget(facts, group, places);
  return {
    ...{ group, partitions: own.length, translated: places.length, onTarget },
    notReplicated: places.reduce((sum, { beyond }) => sum + beyond, 0),
    problems: [...unplaced, ...problems],
    ...total(lags),
  };
}

function checkpointedOf({ checkpoints }: FlowFacts): readonly CheckpointedGroup[] {
  return checkpoints === undefined ? [] : (known(checkpoints) ?? []);
}

function asCheckpointed(facts: FlowFacts, { group, at, checkpoints }: CheckpointedGroup, now: number): GroupStatus {
  const places = checkpoints.map(({ topic, partition, downstreamOffset: offset }) => {
    return { group, topic, partition, offset };
  });
  const counts = { partitions: checkpoints.length, translated: checkpoints.length, notReplicated: 0 };
  return {
    ...{ group, ...counts, ...NOT_KNOWN, ...tellOnTarget(facts, group, places) },
    checkpointAgeSeconds: secondsSince(at, now),
  };
}
