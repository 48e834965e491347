import { CausewayError } from '../../flow/errors.ts';
import { KafkaRequestError } from './errors.ts';

interface TopicRefusal {
  readonly code: string;
  readonly next: string;
}

/** By Kafka's names of the errors that CreateTopics and CreatePartitions answer with (Kafka protocol guide). */
const REFUSALS: Readonly<Record<string, TopicRefusal>> = {
  INVALID_REPLICATION_FACTOR: {
    code: 'KAFKA_INVALID_REPLICATION_FACTOR',
    next: 'Set replication.factor of the flow to no more than the cluster has brokers, or to -1 for the broker’s default.',
  },
  INVALID_PARTITIONS: {
    code: 'KAFKA_INVALID_PARTITIONS',
    next: 'Raise what the cluster allows, or exclude the topic: its copy needs as many partitions as the source has.',
  },
  INVALID_TOPIC_EXCEPTION: {
    code: 'KAFKA_INVALID_TOPIC',
    next: 'Exclude the topic, or change alias, pattern or separator: the name is too long, of other characters, or differs from that of an existing topic in `.` and `_` alone.',
  },
  POLICY_VIOLATION: {
    code: 'KAFKA_POLICY_VIOLATION',
    next: 'Ask whoever runs the cluster: its create.topic.policy.class.name refuses the topic for the reason in the message.',
  },
  INVALID_CONFIG: {
    code: 'KAFKA_INVALID_CONFIG',
    next: 'Correct the setting that the message names, on the source topic or in the configuration.',
  },
};

/** The cluster does not make, or does not extend, a topic as asked. */
export class TopicRefusedError extends CausewayError {
  readonly code: string;
  readonly retriable = false;

  constructor(refusal: TopicRefusal, cause: KafkaRequestError) {
    super(cause.message, { safe: cause.safe, next: refusal.next, cause });
    this.code = refusal.code;
  }
}

/** A refusal that has its own code and remedy; any other error as it is. */
export function explainTopicRefusal<E>(error: E): E | TopicRefusedError {
  if (!(error instanceof KafkaRequestError)) return error;
  const refusal = REFUSALS[error.reason ?? ''];
  return refusal === undefined ? error : new TopicRefusedError(refusal, error);
}
