import type { CausewayError } from '../../flow/errors.ts';
import { isOfOneTopic, isWriteFence, NOBODY_WRITES, type TopicAclBinding } from '../../policy/acl-selection.ts';
import { WriteFenceRefused } from './errors.ts';

export function fenceOn(topic: string): TopicAclBinding {
  return { ...NOBODY_WRITES, name: topic, pattern: 'literal' };
}

/** Topics that have a fence of their own, whoever made it. */
export function fencedTopics(bindings: readonly TopicAclBinding[]): ReadonlySet<string> {
  return new Set(bindings.filter((each) => isOfOneTopic(each) && isWriteFence(each)).map(({ name }) => name));
}

/** One error for all that were refused, with the first one's reason. @param answers by place in `topics` */
export function refusalOfAny(
  cluster: string,
  doing: 'made' | 'lifted',
  topics: readonly string[],
  answers: readonly (CausewayError | undefined)[],
): WriteFenceRefused | undefined {
  const cause = answers.find((answer) => answer !== undefined);
  const refused = topics.filter((_, index) => answers[index] !== undefined);
  return cause && new WriteFenceRefused(cluster, doing, refused, cause);
}
