import type { FlowPartition } from '../flow/flow.ts';
import type { Compacted } from '../flow/side.ts';
import { flowPartition } from '../groups/knowledge.ts';
import { askedTopics } from '../ledger/asked-topics.ts';
import { type TopicItem, TopicState } from '../ledger/topic-registry.ts';
import type { CoveredTopic, VerifyPorts } from './ports.ts';

export interface ComparedPartition {
  readonly partition: FlowPartition;
  readonly compacted: Compacted;
  /** Whether its topic is being replicated. */
  readonly isReplicated: boolean;
}

interface ComparedTopic extends CoveredTopic, Pick<TopicItem, 'generation' | 'begins'> {
  readonly isReplicated: boolean;
}

/** What is replicated of a flow. @throws CausewayError */
export async function replicatedPartitions(ports: VerifyPorts): Promise<readonly ComparedPartition[]> {
  return partitionsOf(ports, replicated(await ports.topics()));
}

/**
 * What a flow is to have in its target: also what the source has of it, and is not replicated yet.
 * @param topic by its name on either cluster; undefined: every topic of the flow
 * @throws TopicNotInFlowError, and what clusters and table throw
 */
export async function coveredPartitions(
  ports: VerifyPorts,
  topic: string | undefined,
): Promise<readonly ComparedPartition[]> {
  const [items, covered] = await Promise.all([ports.topics(), ports.coveredTopics()]);
  const atSource = new Map(covered.map((each) => [each.topic, each.partitions]));
  const known = replicated(items).map((each) => {
    return { ...each, partitions: Math.max(each.partitions, atSource.get(each.topic) ?? 0) };
  });
  const names = new Set(known.map((each) => each.topic));
  const generations = new Map(items.map(({ topic, generation }) => [topic, generation]));
  const notYet = covered
    .filter((each) => !names.has(each.topic))
    .map((each) => ({ ...each, generation: generations.get(each.topic) ?? 1, isReplicated: false }));
  return partitionsOf(ports, askedTopics(ports.flow, [...known, ...notYet], topic));
}

function replicated(items: readonly TopicItem[]): readonly ComparedTopic[] {
  return items
    .filter(({ state }) => state !== TopicState.Retired)
    .map(({ topic, remoteTopic, partitions, generation, begins }) => {
      return { topic, remoteTopic, partitions, generation, begins, isReplicated: true };
    });
}

async function partitionsOf(
  ports: VerifyPorts,
  topics: readonly ComparedTopic[],
): Promise<readonly ComparedPartition[]> {
  const [source, target] = await Promise.all([
    ports.compacted('source', [...new Set(topics.map(({ topic }) => topic))]),
    ports.compacted('target', [...new Set(topics.map(({ remoteTopic }) => remoteTopic))]),
  ]);
  return topics.flatMap((each) => {
    const compacted = { source: source.has(each.topic), target: target.has(each.remoteTopic) };
    return Array.from({ length: each.partitions }, (_, partition) => {
      return { partition: flowPartition(ports.flow, each, partition), compacted, isReplicated: each.isReplicated };
    });
  });
}
