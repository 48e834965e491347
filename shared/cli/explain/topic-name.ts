export { isTopicName } from '../../reconcile/faults.ts';

/** What a broker takes, as half a sentence. */
export const TOPIC_NAMES =
  'names of topics are at most 249 letters, digits, ".", "_" and "-", and neither "." nor ".."';
