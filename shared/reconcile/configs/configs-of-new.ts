import { CausewayError } from '../../flow/errors.ts';
import { ReconcileStepError } from '../errors.ts';
import type { ClusterTopic } from '../topic.ts';
import type { Wanted } from '../wanted.ts';
import { configsAtCreation } from './plan-configs.ts';
import { type ConfigPorts, TOPICS_A_REQUEST } from './sync-configs.ts';
import type { PerTopic } from './topic-configs.ts';

/**
 * What the remote topics that do not exist yet are to be made with, by source topic. Asks nothing when all exist.
 * @throws CausewayError when the source cannot be asked at all
 */
export async function configsOfNew(
  covered: readonly ClusterTopic[],
  targetTopics: readonly ClusterTopic[],
  wanted: Pick<Wanted, 'flow' | 'topics' | 'configs'>,
  source: ConfigPorts['source'],
): Promise<PerTopic<Readonly<Record<string, string>>>> {
  const there = new Set(targetTopics.map(({ name }) => name));
  const missing = covered.map(({ name }) => name).filter((name) => !there.has(wanted.topics.remoteTopic(name)));
  const configs = new Map<string, Readonly<Record<string, string>> | CausewayError>();
  for (let at = 0; at < missing.length; at += TOPICS_A_REQUEST) {
    const described = await source.describeConfigs(missing.slice(at, at + TOPICS_A_REQUEST));
    for (const [topic, answer] of described)
      configs.set(
        topic,
        answer instanceof CausewayError
          ? new ReconcileStepError(wanted.flow, topic, 'reading its settings', answer)
          : configsAtCreation(answer, wanted.configs.rules),
      );
  }
  return configs;
}
