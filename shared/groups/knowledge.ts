import type { FlowId, FlowPartition } from '../flow/flow.ts';
import type { SourceOffset, TargetOffset } from '../flow/offset.ts';
import { type TopicItem, TopicState } from '../ledger/topic-registry.ts';
import { isTold, type OffsetsOfGroups } from './committed-offsets.ts';
import type { ReplicatedPartition } from './place.ts';
import type { PartitionKnowledge } from './plan.ts';
import { type OffsetMapView, type PartitionLogs, type TranslationRequest, UNKNOWN_PARTITION } from './ports.ts';
import { type LeftOut, leftOut, Reason } from './reason.ts';

/** The flow's topics that are being replicated, by their names on the source. */
export function replicatedTopics(items: readonly TopicItem[]): ReadonlyMap<string, TopicItem> {
  return new Map(items.filter(({ state }) => state !== TopicState.Retired).map((item) => [item.topic, item]));
}

/** What to ask the offset map, so that it can translate each offset of replicated topics that a group has. */
export function translationsOf(
  flow: FlowId,
  topics: ReadonlyMap<string, TopicItem>,
  groups: OffsetsOfGroups<SourceOffset>,
): TranslationRequest[] {
  const asked = new Map<string, Map<number, Set<SourceOffset>>>();
  for (const offsets of groups.values()) {
    if (!isTold(offsets)) continue;
    for (const [topic, partitions] of offsets) {
      if (!topics.has(topic)) continue;
      const ofTopic = asked.get(topic) ?? new Map<number, Set<SourceOffset>>();
      asked.set(topic, ofTopic);
      for (const [partition, committed] of partitions) {
        if (!isTold(committed)) continue;
        const known = ofTopic.get(partition);
        if (known) known.add(committed.offset);
        else ofTopic.set(partition, new Set([committed.offset]));
      }
    }
  }
  return [...topics.values()].flatMap((item) =>
    [...(asked.get(item.topic) ?? [])].map(([partition, toTarget]) => ({
      partition: flowPartition(flow, item, partition),
      toTarget,
      toSource: [],
    })),
  );
}

export function flowPartition(
  flow: FlowId,
  { topic, remoteTopic, generation, begins }: Pick<TopicItem, 'topic' | 'remoteTopic' | 'generation' | 'begins'>,
  partition: number,
): FlowPartition {
  // One that came later is copied from its first record.
  const begin = begins && (begins[partition] ?? 0);
  return { flow, topic, remoteTopic, partition, generation, ...(begin !== undefined && { begin }) };
}

export interface KnowledgeParts {
  readonly topics: ReadonlyMap<string, TopicItem>;
  /** Why a topic is not in `topics`: the rule that leaves it out. */
  readonly whyNot: (topic: string) => string | undefined;
  readonly map: OffsetMapView;
  /** Read after the groups' offsets; undefined when the source does not answer. */
  readonly source: PartitionLogs<SourceOffset> | undefined;
  /** Read after the map. */
  readonly target: PartitionLogs<TargetOffset>;
}

/** What the plan needs to know of the partitions, from the parts that were read. */
export function partitionKnowledge(parts: KnowledgeParts): PartitionKnowledge {
  const { topics, map } = parts;
  const found = new Map<string, (ReplicatedPartition | LeftOut)[]>();
  return {
    find: (topic, partition) => {
      const known = found.get(topic) ?? [];
      found.set(topic, known);
      known[partition] ??= findPartition(parts, topic, topics.get(topic), partition);
      return known[partition];
    },
    translate: (topic, partition, offset) => map.toTarget(topic, partition, offset),
  };
}

function findPartition(
  { whyNot, map, source, target }: KnowledgeParts,
  topic: string,
  item: TopicItem | undefined,
  partition: number,
): ReplicatedPartition | LeftOut {
  if (!item) return leftOut(Reason.TopicNotReplicated, whyNot(topic));
  const there = target.get(item.remoteTopic)?.get(partition);
  if (!there) return leftOut(Reason.NoRemotePartition);
  if (!isTold(there)) {
    return there.code === UNKNOWN_PARTITION
      ? leftOut(Reason.NoRemotePartition)
      : leftOut(Reason.TargetLogUnknown, there.code);
  }
  const answer = source?.get(topic)?.get(partition);
  const here = answer && isTold(answer) ? answer : undefined;
  const mapped = map.topicIds(topic, partition);
  if (mapped && here && here.topicId !== mapped.source) return leftOut(Reason.TopicMadeAnew, 'on the source');
  if (mapped && there.topicId !== mapped.target) return leftOut(Reason.TopicMadeAnew, 'on the target');
  return { remoteTopic: item.remoteTopic, source: here, target: there };
}
