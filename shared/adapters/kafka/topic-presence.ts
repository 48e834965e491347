import type { KafkaCluster } from './cluster.ts';
import { errorName } from './outcome.ts';

/**
 * Whether a topic exists, asked for by name. A listing leaves out what this user may not see; this answer tells the one from
 * the other: `hidden`.
 */
export async function presenceOf(
  cluster: KafkaCluster,
  topic: string,
  signal?: AbortSignal,
): Promise<'there' | 'gone' | 'hidden'> {
  const { topics, refused } = await cluster.metadata([topic], signal);
  if (topics.has(topic)) return 'there';
  return errorName(refused.get(topic) ?? 0) === 'UNKNOWN_TOPIC_OR_PARTITION' ? 'gone' : 'hidden';
}
