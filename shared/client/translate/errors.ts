import { CausewayError, type CausewayErrorDetails } from '../../flow/errors.ts';
import type { MapPoint } from '../../groups/translation.ts';
import { describeTopicPartition, type TopicPartition } from '../../mm2/topic-partition.ts';

const SAFE = 'Nothing was changed: a translation only reads.';

/** Why there is no translation. */
export const TranslationCode = {
  InvalidRequest: 'INVALID_REQUEST',
  UnknownTopicPartition: 'UNKNOWN_TOPIC_PARTITION',
  UnknownGroup: 'UNKNOWN_GROUP',
  OutOfRange: 'OUT_OF_RANGE',
  FormerTopic: 'OFFSET_OF_FORMER_TOPIC',
  NothingReplicated: 'NOTHING_REPLICATED',
  TopicMadeAnew: 'TOPIC_MADE_ANEW',
  TopicMissing: 'TOPIC_MISSING',
  LogEndsBeforeMap: 'LOG_ENDS_BEFORE_MAP',
  OffsetUnknown: 'OFFSET_UNKNOWN',
  MapUnreadable: 'OFFSET_MAP_UNREADABLE',
  NoCluster: 'CLUSTER_NOT_GIVEN',
} as const;
export type TranslationCode = (typeof TranslationCode)[keyof typeof TranslationCode];

/** There is no exact answer, and no guess is made. */
export abstract class TranslationError extends CausewayError {
  abstract override readonly code: TranslationCode;

  constructor(message: string, details: Omit<CausewayErrorDetails, 'safe'>) {
    super(message, { ...details, safe: SAFE });
  }
}

/** The question is none. */
export class InvalidTranslationRequest extends TranslationError {
  readonly code = TranslationCode.InvalidRequest;
  readonly retriable = false;

  constructor(what: string) {
    super(what, {
      next: 'Ask {"group"} or {"topic", "partition", "offset"}, with "direction": "forward" or "backward" (docs/client.md).',
    });
  }
}

export class UnknownTopicPartition extends TranslationError {
  readonly code = TranslationCode.UnknownTopicPartition;
  readonly retriable = false;

  constructor(flow: string, place: TopicPartition) {
    super(`${flow} replicates no ${describeTopicPartition(place)}`, {
      next: 'Check the name, which may be that on either cluster, and the flow; causeway explain says why a topic is not replicated.',
    });
  }
}

export class UnknownGroup extends TranslationError {
  readonly code = TranslationCode.UnknownGroup;
  readonly retriable = false;

  constructor(cluster: string, group: string) {
    super(`the group ${group} has committed no offset on ${cluster}`, {
      next: 'Check its name and the direction. A group that has not committed yet starts by its auto.offset.reset, there as here.',
    });
  }
}

/** The offset is older than what the map keeps, or past the end of the log. */
export class OffsetOutOfRange extends TranslationError {
  readonly code = TranslationCode.OutOfRange;
  readonly retriable = false;
  /** The nearest pair of offsets that belong together. */
  readonly nearest: MapPoint;

  constructor(place: TopicPartition & { readonly offset: number }, why: string, nearest: MapPoint) {
    const { source, target } = nearest;
    super(
      `offset ${place.offset} of ${describeTopicPartition(place)} ${why}; nearest: source ${source}, target ${target}`,
      {
        next: 'Whether records may be skipped, or read twice, from the nearest offset on is for the application to decide.',
      },
    );
    this.nearest = nearest;
  }
}

/** An offset of the copy from before the topic was made anew, or was taken up again, under its name. */
export class OffsetOfFormerTopic extends TranslationError {
  readonly code = TranslationCode.FormerTopic;
  readonly retriable = false;
  /** Where the present topic begins on both sides. */
  readonly nearest: MapPoint;

  constructor(place: TopicPartition & { readonly offset: number }, nearest: MapPoint) {
    const { source, target } = nearest;
    super(
      `offset ${place.offset} of ${describeTopicPartition(place)} lies before ${target}, where the present topic begins in the copy: its record is one of the topic before it was made anew; nearest: source ${source}, target ${target}`,
      {
        next: 'Records between the two are in the copy alone: read them there first, or go on from the nearest offset without them.',
      },
    );
    this.nearest = nearest;
  }
}

export class NothingReplicated extends TranslationError {
  readonly code = TranslationCode.NothingReplicated;
  readonly retriable = true;

  constructor(flow: string, place: TopicPartition) {
    super(`${flow} has not copied a record of ${describeTopicPartition(place)} yet`, {
      next: 'Ask again once there is one. If records wait, causeway status says how long.',
    });
  }
}

export class TopicMadeAnew extends TranslationError {
  readonly code = TranslationCode.TopicMadeAnew;
  readonly retriable = true;

  constructor(cluster: string, place: TopicPartition) {
    super(`${describeTopicPartition(place)} was made anew on ${cluster}, and the map is that of the topic before`, {
      next: 'Ask again in a minute or two: reconcile begins a new generation of the topic.',
    });
  }
}

/** The cluster to go on with knows no such partition, or does not show it. */
export class TopicMissing extends TranslationError {
  readonly code = TranslationCode.TopicMissing;
  readonly retriable = true;

  constructor(cluster: string, place: TopicPartition) {
    super(`${cluster} has no ${describeTopicPartition(place)}, or does not show it`, {
      next: 'Check that it is there and may be described (Describe on the topic). On the target, reconcile makes a missing one within a minute or two, and copies it anew.',
    });
  }
}

/** The log is shorter than what the map says of it. */
export class LogEndsBeforeMap extends TranslationError {
  readonly code = TranslationCode.LogEndsBeforeMap;
  readonly retriable = true;

  constructor(cluster: string, place: TopicPartition, logEnd: number, mapped: number) {
    super(
      `${describeTopicPartition(place)} of ${cluster} ends at ${logEnd}, before ${mapped}, which the map says is there`,
      {
        next: 'Ask again in a minute or two. If it stays so, the topic was made anew or has lost records.',
      },
    );
  }
}

/** The cluster does not tell the group's offset now. */
export class OffsetUnknown extends TranslationError {
  readonly code = TranslationCode.OffsetUnknown;
  readonly retriable = true;

  constructor(cluster: string, of: string, answer: string) {
    super(`${cluster} does not tell the offset of ${of}: ${answer}`, {
      next: adviceOn(answer, cluster),
    });
  }
}

/** @param answer Kafka's name of the error, or Causeway's code where there was no answer */
function adviceOn(answer: string, cluster: string): string {
  if (answer === 'UNSTABLE_OFFSET_COMMIT')
    return 'Ask again: an open transaction keeps the offset from being told until it ends.';
  if (answer === 'GROUP_AUTHORIZATION_FAILED') return 'Grant Describe on the group to the user that asks.';
  return answer.startsWith('KAFKA_')
    ? `Check that the brokers of ${cluster} are up and answer: the group's coordinator does not. Then ask again.`
    : `Ask again. If it stays so, look up ${answer} in Kafka's protocol errors and the broker's log at this time.`;
}

export class OffsetMapUnreadable extends TranslationError {
  readonly code = TranslationCode.MapUnreadable;
  readonly retriable = true;

  constructor(flow: string, reason: string, cause?: unknown) {
    super(`the offset map of ${flow} does not answer: ${reason}`, {
      next: 'Ask again. If it stays so, check the table, its region and the right to read it.',
      cause,
    });
  }
}

/** A group needs the cluster that keeps its offsets. */
export class ClusterNotGiven extends TranslationError {
  readonly code = TranslationCode.NoCluster;
  readonly retriable = false;

  constructor(cluster: string) {
    super(`the translator has no connection to ${cluster}, which keeps the group's offsets`, {
      next: 'Open it with brokers of both clusters, or ask the translate function.',
    });
  }
}
