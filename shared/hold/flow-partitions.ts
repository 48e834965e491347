import { CausewayError } from '../flow/errors.ts';
import type { FlowPartition } from '../flow/flow.ts';
import type { TopicItem } from '../ledger/topic-registry.ts';
import { PartitionsUnknown } from './errors.ts';
import type { LiftPorts } from './ports.ts';

export interface TopicPartition {
  readonly item: TopicItem;
  readonly partition: FlowPartition;
}

export interface FlowPartitions {
  readonly partitions: readonly TopicPartition[];
  /** Set where topics may have more partitions than are among them. */
  readonly error: CausewayError | undefined;
}

/**
 * All partitions that may have a HEAD. A topic may have grown since it was last noted: nothing is appended to a partition
 * that the remote topic does not have, so the target cluster is the one to ask.
 */
export async function partitionsOf(
  items: readonly TopicItem[],
  { flow, partitionCounts }: Pick<LiftPorts, 'flow' | 'partitionCounts'>,
): Promise<FlowPartitions> {
  const counts = await partitionCounts().catch((cause: unknown) =>
    cause instanceof CausewayError ? cause : new PartitionsUnknown(flow, cause),
  );
  const known = counts instanceof CausewayError ? new Map<string, number>() : counts;
  const partitions = items.flatMap((item) => {
    const { topic, remoteTopic, generation } = item;
    const length = Math.max(known.get(remoteTopic) ?? 0, item.partitions);
    return Array.from({ length }, (_, partition) => ({
      item,
      partition: { flow, topic, remoteTopic, partition, generation },
    }));
  });
  return { partitions, error: counts instanceof CausewayError ? counts : undefined };
}
