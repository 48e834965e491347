import { z } from 'zod';
import { compileNameList } from '../policy/name-list.ts';
import { policyFor } from '../policy/policy-settings.ts';
import { selectTopic } from '../policy/topic-selection.ts';
import type { Verdict } from '../policy/verdict.ts';
import { flowSchema } from './flow-schema.ts';

const topicChoice = flowSchema
  .pick({ policy: true, topics: true, replicateHeartbeats: true })
  .extend({ target: z.object({ alias: z.string() }) });

/** What of a flow's configuration says which topics it copies. */
export type TopicChoice = z.infer<typeof topicChoice>;

/** As JSON, for the environment of a function of another flow. */
export function encodeTopicChoice(choice: TopicChoice): string {
  return JSON.stringify(topicChoice.parse(choice));
}

/**
 * Reads what `encodeTopicChoice` wrote.
 * @throws SyntaxError or ZodError for anything else
 */
export function decodeTopicChoice(json: string): TopicChoice {
  return topicChoice.parse(JSON.parse(json));
}

/** Whether a source topic is copied, and why. */
export function topicVerdicts({
  policy,
  target,
  topics,
  replicateHeartbeats,
}: TopicChoice): (topic: string) => Verdict {
  const rules = {
    policy: policyFor(policy),
    target: target.alias,
    include: compileNameList(topics.include),
    exclude: compileNameList(topics.exclude),
    replicateHeartbeats,
  };
  return (topic) => selectTopic(rules, topic);
}
