import type { FlowId, FlowPartition } from '../../flow/flow.ts';
import { flowPartition } from '../../groups/knowledge.ts';
import type { TopicItem } from '../../ledger/topic-registry.ts';
import type { TopicPartition } from '../../mm2/topic-partition.ts';
import type { RunbookFlow } from '../ports/flow.ts';

/** All partitions of all topics that applications have in a flow. */
export async function partitionsOf(of: Pick<RunbookFlow, 'flow' | 'topics'>): Promise<readonly FlowPartition[]> {
  return partitionsIn(of.flow, await of.topics());
}

/** The same of topics that are known. */
export function partitionsIn(flow: FlowId, items: readonly TopicItem[]): readonly FlowPartition[] {
  return items.flatMap((item) => {
    return Array.from({ length: item.partitions }, (_, partition) => flowPartition(flow, item, partition));
  });
}

export function onSource({ topic, partition }: FlowPartition): TopicPartition {
  return { topic, partition };
}

export function onTarget({ remoteTopic, partition }: FlowPartition): TopicPartition {
  return { topic: remoteTopic, partition };
}

/** Topics that the flow which comes back copies under their own names: on `to`, applications write to them too. */
export async function sharedTopics(backward: RunbookFlow | undefined): Promise<ReadonlySet<string>> {
  const topics = (await backward?.topics()) ?? [];
  return new Set(topics.filter(({ topic, remoteTopic }) => topic === remoteTopic).map(({ topic }) => topic));
}
