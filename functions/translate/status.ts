import { TranslationCode } from '../../shared/client/translate/errors.ts';
import type { CausewayError } from '../../shared/flow/errors.ts';

/** HTTP status of each error of a translation; docs/client.md has the table. */
const STATUS: ReadonlyMap<string, number> = new Map<TranslationCode, number>([
  [TranslationCode.InvalidRequest, 400],
  [TranslationCode.UnknownTopicPartition, 404],
  [TranslationCode.UnknownGroup, 404],
  [TranslationCode.NothingReplicated, 409],
  [TranslationCode.TopicMadeAnew, 409],
  [TranslationCode.TopicMissing, 409],
  [TranslationCode.LogEndsBeforeMap, 409],
  [TranslationCode.OutOfRange, 416],
  [TranslationCode.FormerTopic, 416],
  [TranslationCode.OffsetUnknown, 503],
  [TranslationCode.MapUnreadable, 503],
]);

const MAY_PASS = 503;
const CLUSTER_REFUSES = 502;

/** What else goes wrong comes from a cluster or a secret: it may pass, or somebody has to see to it. */
export function statusOf({ code, retriable }: CausewayError): number {
  return STATUS.get(code) ?? (retriable ? MAY_PASS : CLUSTER_REFUSES);
}
