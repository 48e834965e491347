import { CausewayError } from '../flow/errors.ts';

const SAFE = 'Nothing was changed: this only reads.';

/** A cluster has no checkpoints topic of the flow that was asked about. */
export class CheckpointsTopicMissingError extends CausewayError {
  readonly code = 'CHECKPOINTS_TOPIC_MISSING';
  readonly retriable = false;
  readonly topic: string;

  constructor(topic: string) {
    super(`the cluster has no topic ${topic}`, {
      safe: SAFE,
      next: 'Check the alias of the remote cluster and the replication policy, and that the flow writes checkpoints (emit.checkpoints.enabled). The user needs the right to describe the topic.',
    });
    this.topic = topic;
  }
}

/** Records of a checkpoints topic came and cannot be read. */
export class CheckpointsUnreadableError extends CausewayError {
  readonly code = 'CHECKPOINTS_UNREADABLE';
  readonly retriable = false;

  constructor(topic: string, cause: unknown) {
    super(`${topic} cannot be read: ${reasonOf(cause).message}`, {
      safe: SAFE,
      next: 'For compressed records use Node 22.15 or newer, or give kafkajs a codec (CompressionCodecs).',
      cause,
    });
  }
}

/** The cluster does not answer, or refuses. */
export class ClusterUnavailableError extends CausewayError {
  readonly code = 'CLUSTER_UNAVAILABLE';
  readonly retriable: boolean;

  constructor(doing: string, cause: unknown) {
    const { message, retriable } = reasonOf(cause);
    super(`${doing}: ${message}`, {
      safe: SAFE,
      next: 'Check the brokers’ addresses, the login, the right to describe and to read the topics, and the network.',
      cause,
    });
    this.retriable = retriable;
  }
}

function reasonOf(cause: unknown): { readonly message: string; readonly retriable: boolean } {
  if (!(cause instanceof Error)) return { message: String(cause), retriable: false };
  return { message: cause.message, retriable: 'retriable' in cause && cause.retriable === true };
}
