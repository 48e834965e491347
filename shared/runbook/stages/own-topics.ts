import { isTold } from '../../groups/committed-offsets.ts';
import { flowPartition } from '../../groups/knowledge.ts';
import type { TopicItem } from '../../ledger/topic-registry.ts';
import type { PartitionHealth } from '../ports/cluster.ts';
import type { RunbookPorts } from '../ports/ports.ts';

/** A topic whose newest record is older is taken for one that nobody produces to any more: what runs weekly is in use. */
const IN_USE_MS = 7 * 24 * 60 * 60_000;

/** A topic that applications write to by its own name, for which there is not enough room on the cluster that is moved to. */
export interface Roomless {
  readonly topic: string;
  /** `orders is not there, 6 partitions are wanted` */
  readonly says: string;
  /** Whether a record of it was copied that is not older than a week. */
  readonly inUse: boolean;
}

type Ports = Pick<RunbookPorts, 'forward' | 'clock'>;
type Health = ReadonlyMap<string, readonly PartitionHealth[]>;

/** Topics whose copies have other names: producers that move write beside the copies. */
export function withOwnName(items: readonly TopicItem[]): readonly TopicItem[] {
  return items.filter(({ topic, remoteTopic }) => topic !== remoteTopic);
}

/**
 * Sends to a topic that is not there fail, and to a partition that is not there too. Copies of a third cluster's topics are
 * nobody's to write to.
 * @param wanted partitions on the cluster that is left
 */
export async function roomless(
  { forward, clock }: Ports,
  items: readonly TopicItem[],
  there: Health,
  wanted: (item: TopicItem) => number,
): Promise<readonly Roomless[]> {
  const short = withOwnName(items).filter((item) => (there.get(item.topic)?.length ?? 0) < wanted(item));
  if (short.length === 0) return [];
  const partitions = short.flatMap((item) => {
    return Array.from({ length: item.partitions }, (_, each) => flowPartition(forward.flow, item, each));
  });
  const [mirrored, heads] = await Promise.all([forward.mirrored(), forward.heads(partitions)]);
  return short.flatMap((item): Roomless[] => {
    const { topic } = item;
    if (mirrored.has(topic)) return [];
    const newest = [...(heads.get(topic)?.values() ?? [])].map((head) =>
      head && isTold(head) ? head.lastTimestamp : -1,
    );
    const has = there.get(topic)?.length;
    const says = has === undefined ? 'is not there' : `has ${has} partitions`;
    return [
      {
        topic,
        says: `${topic} ${says}, producers want ${wanted(item)} partitions`,
        inUse: Math.max(-1, ...newest) >= clock.now() - IN_USE_MS,
      },
    ];
  });
}
