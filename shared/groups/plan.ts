import type { SourceOffset, TargetOffset } from '../flow/offset.ts';
import { type CommittedOffset, type GroupOffsets, isTold, type Untold } from './committed-offsets.ts';
import { type Commit, decide } from './decide.ts';
import type { GroupActivity } from './group.ts';
import { type Place, placeOf, type ReplicatedPartition } from './place.ts';
import type { OffsetToCommit } from './ports.ts';
import { type LeftOut, leftOut, Reason } from './reason.ts';
import type { Translation } from './translation.ts';

/** A group as both clusters tell of it. */
export interface GroupFacts {
  readonly group: string;
  readonly source: GroupOffsets<SourceOffset> | Untold;
  readonly target: {
    readonly activity: GroupActivity;
    readonly offsets: GroupOffsets<TargetOffset> | Untold;
  };
}

/** What is known of the partitions; `topic` is the source's name. */
export interface PartitionKnowledge {
  /** The logs on both sides, or why no group's offset of this partition can be carried over. */
  find(topic: string, partition: number): ReplicatedPartition | LeftOut;
  translate(topic: string, partition: number, offset: SourceOffset): Translation<TargetOffset>;
}

/** One partition that a group has an offset for on the source. */
export interface PartitionPlan {
  readonly topic: string;
  readonly partition: number;
  /** Undefined when the partition is not replicated. */
  readonly remoteTopic: string | undefined;
  /** Undefined when the source did not tell it. */
  readonly committed: CommittedOffset<SourceOffset> | undefined;
  /** Where the group belongs on the target, whether or not it may be set: what a checkpoint tells. */
  readonly place: Place | LeftOut;
  readonly decision: Commit | LeftOut;
}

export interface GroupPlan {
  readonly group: string;
  /** Set when nothing at all was learnt of the group on the source: then `partitions` is empty. */
  readonly untold?: Untold;
  /** Each partition that the group has an offset for on the source, once. */
  readonly partitions: readonly PartitionPlan[];
}

export function planGroup(facts: GroupFacts, knowledge: PartitionKnowledge): GroupPlan {
  const { group, source } = facts;
  if (!isTold(source)) return { group, untold: source, partitions: [] };
  const partitions: PartitionPlan[] = [];
  for (const [topic, offsets] of source) {
    for (const [partition, committed] of offsets) {
      partitions.push(planPartition(facts, knowledge, { topic, partition, committed }));
    }
  }
  return { group, partitions };
}

interface SourcePosition {
  readonly topic: string;
  readonly partition: number;
  readonly committed: CommittedOffset<SourceOffset> | Untold;
}

function planPartition(
  { target }: GroupFacts,
  knowledge: PartitionKnowledge,
  { topic, partition, committed }: SourcePosition,
): PartitionPlan {
  const logs = knowledge.find(topic, partition);
  if ('kind' in logs) {
    const told = isTold(committed) ? committed : undefined;
    return { topic, partition, remoteTopic: undefined, committed: told, place: logs, decision: logs };
  }
  const { remoteTopic } = logs;
  if (!isTold(committed)) {
    const untold = leftOut(Reason.SourceOffsetUnknown, committed.code);
    return { topic, partition, remoteTopic, committed: undefined, place: untold, decision: untold };
  }
  const place = placeOf(committed.offset, knowledge.translate(topic, partition, committed.offset), logs);
  if (place.kind === 'left-out') return { topic, partition, remoteTopic, committed, place, decision: place };
  const { activity, offsets } = target;
  const there = isTold(offsets) ? offsets.get(remoteTopic)?.get(partition) : offsets;
  const decision = decide(place, { activity, committed: there }, logs.target.logEnd);
  return { topic, partition, remoteTopic, committed, place, decision };
}

/** The partitions of a plan that are to be committed, and what to commit. */
export function commitsOf({ partitions }: GroupPlan): {
  readonly planned: PartitionPlan[];
  readonly offsets: OffsetToCommit[];
} {
  const planned: PartitionPlan[] = [];
  const offsets: OffsetToCommit[] = [];
  for (const each of partitions) {
    const { remoteTopic, partition, committed, decision } = each;
    if (decision.kind !== 'commit' || remoteTopic === undefined) continue;
    planned.push(each);
    offsets.push({ topic: remoteTopic, partition, offset: decision.offset, metadata: committed?.metadata ?? '' });
  }
  return { planned, offsets };
}
