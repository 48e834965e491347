import type { FlowPartition } from '../flow/flow.ts';
import type { Compacted } from '../flow/side.ts';
import { flowPartition } from '../groups/knowledge.ts';
import { type TopicItem, TopicState } from '../ledger/topic-registry.ts';
import type { VerifyPorts } from './ports.ts';

export interface ComparedPartition {
  readonly partition: FlowPartition;
  readonly compacted: Compacted;
}

/**
 * What there is to compare of a flow.
 * @param topic by its name on either cluster; undefined: every topic of the flow
 * @throws CausewayError
 */
export async function partitionsOf(
  ports: VerifyPorts,
  topic: string | undefined,
): Promise<readonly ComparedPartition[]> {
  const topics = (await ports.topics()).filter((item) => isAsked(item, topic));
  const [source, target] = await Promise.all([
    ports.compacted('source', [...new Set(topics.map((item) => item.topic))]),
    ports.compacted('target', [...new Set(topics.map(({ remoteTopic }) => remoteTopic))]),
  ]);
  return topics.flatMap((item) => {
    const compacted = { source: source.has(item.topic), target: target.has(item.remoteTopic) };
    const of = (partition: number) => ({ partition: flowPartition(ports.flow, item, partition), compacted });
    return Array.from({ length: item.partitions }, (_, partition) => of(partition));
  });
}

function isAsked({ state, topic, remoteTopic }: TopicItem, asked: string | undefined): boolean {
  return state !== TopicState.Retired && (asked === undefined || asked === topic || asked === remoteTopic);
}
