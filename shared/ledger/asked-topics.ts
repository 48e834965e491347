import { CausewayError } from '../flow/errors.ts';
import { type FlowId, flowName } from '../flow/flow.ts';
import type { TopicItem } from './topic-registry.ts';

/** Nothing of a flow is called so: whoever asks about a topic that is not there is to hear that, and not that all is well. */
export class TopicNotInFlowError extends CausewayError {
  override readonly code = 'TOPIC_NOT_IN_FLOW';
  override readonly retriable = false;

  constructor(flow: FlowId, topic: string) {
    super(`${flowName(flow)} has no topic ${topic}, by its name on either cluster`, {
      safe: 'Nothing was changed: this command only reads.',
      next: `Look whether it is written as the cluster has it. causeway explain ${topic} says of each flow whether it copies it, and by which line.`,
    });
  }
}

/**
 * Those that are called `topic` on either cluster; all of them, if any, where it is undefined.
 * @throws TopicNotInFlowError
 */
export function askedTopics<T extends Pick<TopicItem, 'topic' | 'remoteTopic'>>(
  flow: FlowId,
  topics: readonly T[],
  topic: string | undefined,
): readonly T[] {
  if (topic === undefined) return topics;
  const asked = topics.filter((each) => each.topic === topic || each.remoteTopic === topic);
  if (asked.length === 0) throw new TopicNotInFlowError(flow, topic);
  return asked;
}
