import { firstInWords } from '../first-of.ts';
import { CausewayError, messageOf } from '../flow/errors.ts';
import { describePartition, type FlowId, type FlowPartition, flowName } from '../flow/flow.ts';
import type { TopicItem } from '../ledger/topic-registry.ts';

/** A stack's message holds no more than a few ids. */
const MOST_IDS = 10;

/** The source shows no topic at all, not even its own, while some are being copied. */
export class NoTopicsShownError extends CausewayError {
  override readonly code = 'NO_TOPICS_SHOWN';
  override readonly retriable = true;

  constructor(flow: FlowId, copied: number) {
    super(`${flowName(flow)}: ${flow.source} shows no topics at all, though ${copied} are being copied`, {
      safe: 'No mapping is removed: what is being copied goes on.',
      next: `Check that the user or role of reconcile still has Describe on the topics of ${flow.source}. A broker that has just started may answer so for a moment.`,
    });
  }
}

/** Two source topics lead to one remote topic. */
export class RemoteNameTakenError extends CausewayError {
  override readonly code = 'REMOTE_NAME_TAKEN';
  override readonly retriable = false;

  constructor(flow: FlowId, topic: string, remoteTopic: string, owner: string) {
    super(`${flowName(flow)} ${topic}: its remote topic ${remoteTopic} is also that of ${owner}`, {
      safe: `Nothing of ${topic} is copied; a topic that was being copied to ${remoteTopic} still is.`,
      next: `Exclude one of the two with ${flowName(flow)}.topics.exclude, or change the replication policy.`,
    });
  }
}

/** The replication policy makes a name that no broker takes. */
export class RemoteNameInvalidError extends CausewayError {
  override readonly code = 'REMOTE_NAME_INVALID';
  override readonly retriable = false;

  constructor(flow: FlowId, topic: string, remoteTopic: string) {
    super(
      `${flowName(flow)} ${topic}: a broker takes no topic named ${remoteTopic} (${remoteTopic.length} characters)`,
      {
        safe: `Nothing of ${topic} is copied; other topics are.`,
        next: `Exclude it with ${flowName(flow)}.topics.exclude, or shorten the alias, pattern or separator.`,
      },
    );
  }
}

/** Kafka takes no two names that differ in `.` and `_` alone: its metrics could not tell them apart. */
export class RemoteNameCollidesError extends CausewayError {
  override readonly code = 'REMOTE_NAME_COLLIDES';
  override readonly retriable = false;

  constructor(flow: FlowId, topic: string, remoteTopic: string, other: string) {
    super(`${flowName(flow)} ${topic}: ${flow.target} takes no topic ${remoteTopic} beside its topic ${other}`, {
      safe: `Nothing of ${topic} is copied; other topics are.`,
      next: `Exclude it with ${flowName(flow)}.topics.exclude, delete ${other} if it is not needed, or change the separator.`,
    });
  }
}

/** A topic is seen for the first time and its remote topic already holds records. */
export class RemoteTopicNotEmptyError extends CausewayError {
  override readonly code = 'REMOTE_TOPIC_NOT_EMPTY';
  override readonly retriable = false;

  constructor(flow: FlowId, topic: string, remoteTopic: string) {
    super(`${flowName(flow)} ${topic}: its remote topic ${remoteTopic} already holds records of somebody else`, {
      safe: 'Nothing is written to it: replicate refuses a partition that is not empty on a one-way flow.',
      next: `Find out who wrote to ${remoteTopic}; delete it if its records are not needed, and it is made anew and filled.`,
    });
  }
}

/** The source neither shows a topic that was copied nor says that there is none. */
export class SourceTopicHiddenError extends CausewayError {
  override readonly code = 'SOURCE_TOPIC_HIDDEN';
  override readonly retriable = true;

  constructor(flow: FlowId, { topic, remoteTopic }: Pick<TopicItem, 'topic' | 'remoteTopic'>) {
    super(`${flowName(flow)} ${topic}: ${flow.source} does not say whether this topic exists`, {
      safe: `${remoteTopic} stays: a copy is deleted only when its source is known to be.`,
      next: `Check that the user or role of reconcile still has Describe on ${topic} in ${flow.source}.`,
    });
  }
}

/** Somebody has written to the copy of a deleted topic. */
export class RemoteTopicInUseError extends CausewayError {
  override readonly code = 'REMOTE_TOPIC_IN_USE';
  override readonly retriable = false;

  constructor(flow: FlowId, { topic, remoteTopic }: Pick<TopicItem, 'topic' | 'remoteTopic'>) {
    super(`${flowName(flow)} ${topic}: its copy ${remoteTopic} was written to after ${topic} was deleted`, {
      safe: `${remoteTopic} stays for another grace period.`,
      next: `If it is to stay for good: ${flowName(flow)}.topics.exclude, or causeway.deleted.topics = keep.`,
    });
  }
}

/**
 * A step for one topic did not succeed; it is planned again at the next look. Code and next step are those of the cause,
 * `RECONCILE_STEP_FAILED` where that has none.
 */
export class ReconcileStepError extends CausewayError {
  override readonly code: string;
  override readonly retriable: boolean;

  constructor(flow: FlowId, topic: string, step: string, cause: unknown) {
    super(`${flowName(flow)} ${topic}: ${step} failed: ${messageOf(cause)}`, {
      safe: 'What is being copied goes on; other topics are not affected.',
      next:
        cause instanceof CausewayError
          ? cause.next
          : 'It is tried again at the next look. If it stays, the message names what the cluster or Lambda refuses.',
      cause,
    });
    this.code = cause instanceof CausewayError ? cause.code : 'RECONCILE_STEP_FAILED';
    this.retriable = cause instanceof CausewayError ? cause.retriable : true;
  }
}

/** Where a mapping is to begin could not be committed for its group, on the source. */
export class BeginNotCommittedError extends CausewayError {
  override readonly code = 'BEGIN_NOT_COMMITTED';
  override readonly retriable = true;

  constructor(group: string, topic: string, partition: number, answer: string) {
    super(`where ${topic}-${partition} is to begin cannot be committed for the group ${group}: ${answer}`, {
      safe: 'No mapping was made by that: nothing of the topic is passed over, and nothing copied that is not to be.',
      next: 'Nothing, if it passes: the next look tries again. GROUP_AUTHORIZATION_FAILED or TOPIC_AUTHORIZATION_FAILED: the user or role of reconcile is to read the topic with this group (docs/deploy.md). UNKNOWN_MEMBER_ID: the pollers of a mapping that is just gone, or just made, are members of the group, which passes; if it does not, a client of somebody else is.',
    });
  }
}

/** The producer of an idle partition could not be renewed for a reason that has no error of its own. */
export class RenewalFailedError extends CausewayError {
  override readonly code = 'RENEWAL_FAILED';
  override readonly retriable = true;

  constructor(partition: FlowPartition, cause: unknown) {
    super(`${describePartition(partition)}: its producer could not be renewed: ${messageOf(cause)}`, {
      safe: 'Nothing is lost: a producer that expires is replaced before the next record, after a wait of a minute and a half.',
      next: 'It is tried again the next day. If it stays, the message names what the cluster or the table refuses.',
      cause,
    });
  }
}

/** A mapping that is not being deleted, and what Lambda said to it; nothing, when it was busy all the time. */
export interface StuckMapping {
  readonly uuid: string;
  readonly refusal: unknown;
}

/** Lambda did not take on the deletion of some mappings in the time there was. */
export class MappingsRemainError extends CausewayError {
  override readonly code = 'MAPPINGS_REMAIN';
  override readonly retriable = true;

  constructor(flow: FlowId, stuck: readonly StuckMapping[]) {
    const refusal = stuck.map((each) => each.refusal).find((each) => each !== undefined);
    const ids = stuck.map(({ uuid }) => uuid);
    const why = refusal === undefined ? 'still carries out an earlier change of them' : `says: ${messageOf(refusal)}`;
    super(`${flowName(flow)}: ${stuck.length} event source mappings could not be removed; Lambda ${why}`, {
      safe: 'Topics, records, committed offsets and the offset map stay as they are.',
      next: `Delete the stack again, or by hand: aws lambda delete-event-source-mapping --uuid ${firstInWords(ids, MOST_IDS)}.`,
      cause: refusal,
    });
  }
}

/** Lambda would not say which mappings there are. */
export class MappingsUnknownError extends CausewayError {
  override readonly code = 'MAPPINGS_UNKNOWN';
  override readonly retriable = true;

  constructor(flow: FlowId, cause: unknown) {
    super(`${flowName(flow)}: Lambda does not list the event source mappings to remove: ${messageOf(cause)}`, {
      safe: 'Topics, records, committed offsets and the offset map stay as they are; mappings that exist go on.',
      next: 'Delete the stack again once reconcile may call, and can reach, lambda:ListEventSourceMappings.',
      cause,
    });
  }
}
