import type { TopicItem } from '../../ledger/topic-registry.ts';
import { Direction } from './answer.ts';
import type { FlowTopics } from './ports.ts';

/**
 * The topic of a flow by its name on either cluster. Where one topic's name is another's on the other cluster, the side
 * that the offset is of counts. Topics that the flow no longer covers are found too: what was copied keeps its map.
 */
export async function findTopic(
  registry: FlowTopics,
  name: string,
  direction: Direction,
): Promise<TopicItem | undefined> {
  if (direction === Direction.Forward) {
    const item = await registry.read(name);
    if (item !== undefined) return item;
  }
  const { topics } = await registry.list();
  return topics.find(({ remoteTopic }) => remoteTopic === name) ?? topics.find(({ topic }) => topic === name);
}
