import { isTold } from '../../groups/committed-offsets.ts';
import { REASONS, Reason } from '../../groups/reason.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import { type CheckpointedGroup, type FlowFacts, known } from './facts.ts';
import { type Lag, lagOf, NOT_KNOWN, secondsSince, total } from './lag.ts';

export interface GroupStatus extends Lag {
  readonly group: string;
  /** Partitions of replicated topics. */
  readonly partitions: number;
  /** Of those, how many have a place on the target. */
  readonly translated: number;
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
  if (facts.checkpointed !== undefined) return facts.checkpointed.map((each) => asCheckpointed(each, now));
  const plans = known(facts.groups) ?? [];
  const logs = known(facts.sourceSide)?.logs;
  return plans.flatMap(({ group, untold, partitions }) => {
    if (untold !== undefined) {
      const problems = [`${facts.source} does not tell its offsets: ${untold.code}`];
      return [{ group, partitions: 0, translated: 0, notReplicated: 0, ...NOT_KNOWN, problems }];
    }
    const own = partitions.filter(({ place }) => place.kind === 'place' || place.reason !== Reason.TopicNotReplicated);
    if (own.length === 0) return [];
    const lags = own.map(({ topic, partition, committed }) => {
      const log = logs?.get(topic)?.get(partition);
      const known = log !== undefined && isTold(log) && committed !== undefined;
      return lagOf(facts, known ? { topic, partition, ...log } : undefined, committed?.offset, now);
    });
    const places = own.flatMap(({ place }) => (place.kind === 'place' ? [place] : []));
    const problems = own.flatMap(({ topic, partition, place }) =>
      place.kind === 'place' || HARMLESS.has(place.reason)
        ? []
        : [`${describeTopicPartition({ topic, partition })}: ${REASONS[place.reason]}`],
    );
    const notReplicated = places.reduce((sum, { beyond }) => sum + beyond, 0);
    return [{ group, partitions: own.length, translated: places.length, notReplicated, problems, ...total(lags) }];
  });
}

function asCheckpointed({ group, at, partitions }: CheckpointedGroup, now: number): GroupStatus {
  const counts = { partitions, translated: partitions, notReplicated: 0 };
  return { group, ...counts, ...NOT_KNOWN, problems: [], checkpointAgeSeconds: secondsSince(at, now) };
}
