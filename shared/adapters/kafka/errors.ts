import { CausewayError } from '../../flow/errors.ts';

const NOTHING_WRITTEN = 'Nothing was written by this call; what is in the target stays as it is.';

/** An operation on a resource that the cluster's authorizer refused: the ACL form and Amazon MSK's IAM form of it. */
export interface NeededRight {
  /** `Write on topic orders`, as `kafka-acls --add` names it. */
  readonly acl: string;
  /** `kafka-cluster:WriteData` */
  readonly iamAction: string;
}

export class KafkaAuthenticationError extends CausewayError {
  readonly code = 'KAFKA_AUTHENTICATION_REFUSED';
  readonly retriable = false;

  constructor(cluster: string, address: string, reason: string, cause?: unknown) {
    super(`Cluster ${cluster} refused the credentials at ${address}: ${reason}`, {
      safe: NOTHING_WRITTEN,
      next: `Check the user and password, or the IAM role, that the configuration names for ${cluster}, and its sasl.mechanism.`,
      cause,
    });
  }
}

export class KafkaAuthorizationError extends CausewayError {
  readonly code = 'KAFKA_NOT_AUTHORIZED';
  readonly retriable = false;

  constructor(cluster: string, right: NeededRight, cause?: unknown) {
    super(`Cluster ${cluster} denies ${right.acl}`, {
      safe: NOTHING_WRITTEN,
      next: `Grant ${right.acl}; with IAM authentication the action is ${right.iamAction}.`,
      cause,
    });
  }
}

export class UnknownTopicError extends CausewayError {
  readonly code = 'KAFKA_UNKNOWN_TOPIC';
  readonly retriable = true;

  constructor(cluster: string, topicPartition: string, cause?: unknown) {
    super(`Cluster ${cluster} has no ${topicPartition}`, {
      safe: NOTHING_WRITTEN,
      next: 'The reconcile function creates missing remote topics and partitions within a minute. If it stays missing, look at its log.',
      cause,
    });
  }
}

export class ClusterUnreachableError extends CausewayError {
  readonly code = 'KAFKA_UNREACHABLE';
  readonly retriable = true;

  constructor(cluster: string, attempts: readonly string[], cause?: unknown) {
    super(`No broker of cluster ${cluster} answers: ${attempts.join('; ')}`, {
      safe: 'What was acknowledged before is in the target. Unacknowledged records are sent again.',
      next: `Check that ${cluster} is up, that routes and security groups let this function reach it, that the listener matches its security.protocol, and that its certificate is one to trust.`,
      cause,
    });
  }
}

/** The time that the caller gave ran out before the cluster answered. */
export class KafkaDeadlineError extends CausewayError {
  readonly code = 'KAFKA_DEADLINE_EXCEEDED';
  readonly retriable = true;

  constructor(cluster: string, doing: string, cause?: unknown) {
    super(`Time ran out while waiting for cluster ${cluster} to answer ${doing}`, {
      safe: 'What was acknowledged before is in the target. Unacknowledged records are sent again.',
      next: 'Nothing, if it is rare. Otherwise look at the request times of the cluster, or raise the time-out of the function.',
      cause,
    });
  }
}

export class UnsupportedBrokerError extends CausewayError {
  readonly code = 'KAFKA_UNSUPPORTED_BROKER';
  readonly retriable = false;

  constructor(cluster: string, address: string, found: string) {
    super(`Broker ${address} of cluster ${cluster} ${found}`, {
      safe: NOTHING_WRITTEN,
      next: 'Causeway needs Kafka 2.8 or later on both sides of a flow.',
    });
  }
}

/** Any other answer that a request cannot be repeated after. */
export class KafkaRequestError extends CausewayError {
  readonly code = 'KAFKA_REQUEST_REFUSED';
  readonly retriable: boolean;
  /** Kafka's name of the error, `INVALID_TIMESTAMP`; undefined when the fault was not the broker's. */
  readonly reason: string | undefined;

  constructor(
    cluster: string,
    doing: string,
    message: string,
    details: {
      readonly reason: string | undefined;
      readonly retriable: boolean;
      readonly cause?: unknown;
      /** Where more is known than the name of the error. */
      readonly next?: string | undefined;
    },
  ) {
    const { reason, cause, next } = details;
    super(`Cluster ${cluster} refused ${doing}: ${reason ? `${reason}: ${message}` : message}`, {
      safe: NOTHING_WRITTEN,
      next: next ?? `Look up ${reason ?? 'the message'} in Kafka's protocol errors and the broker's log at this time.`,
      cause,
    });
    this.retriable = details.retriable;
    this.reason = reason;
  }
}
