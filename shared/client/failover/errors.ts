import type { Message, RecordMetadata } from 'kafkajs';
import { CausewayError } from '../../flow/errors.ts';

/** The registry has not answered once yet, so that nobody knows which cluster to use. */
export class RegistryUnreadableError extends CausewayError {
  readonly code = 'REGISTRY_UNREADABLE';
  readonly retriable = true;

  constructor(flow: string, waitedMs: number, cause: unknown) {
    const reason = cause instanceof Error ? `: ${cause.message}` : '';
    super(`the registry of ${flow} has not answered for ${waitedMs} ms${reason}`, {
      safe: 'Nothing was sent and no group was joined.',
      next: 'Check the registry’s region and name, the right to read it, and the network. Reading goes on.',
      cause,
    });
  }
}

/** There is no parameter of the name under which a flow's registry would be found. */
export class RegistryNotPublishedError extends CausewayError {
  readonly code = 'REGISTRY_NOT_PUBLISHED';
  readonly retriable = true;

  constructor(parameter: string, region: string, cause: unknown) {
    super(`there is no parameter ${parameter} in ${region}`, {
      safe: 'What was read before holds; where nothing was, no cluster is taken for the active one.',
      next: 'Compare name and region with docs/client.md. In a flow that was deployed just now, npx causeway failover start --dry-run makes it at once, the schedule of dry runs within an hour.',
      cause,
    });
  }
}

/** The registry names a cluster that the client was given no brokers of. */
export class UnknownActiveClusterError extends CausewayError {
  readonly code = 'UNKNOWN_ACTIVE_CLUSTER';
  readonly retriable = false;

  constructor(active: string, known: readonly string[]) {
    super(`the registry names ${active}, and brokers were given for ${known.join(' and ')}`, {
      safe: 'The entry was not followed; what was read before holds.',
      next: 'Check that the flow’s aliases are those of mm2.properties.',
    });
  }
}

const NOTHING_SENT = 'None of the messages was sent.';

/** Producers are fenced, and what waits has reached its bound. */
export class ProducerFencedError extends CausewayError {
  readonly code = 'PRODUCER_FENCED';
  readonly retriable = true;

  constructor(reason: string) {
    super(`producers are fenced, and ${reason}`, {
      safe: NOTHING_SENT,
      next: 'Send them again later, or let the caller wait: a runbook is moving applications to the other cluster.',
    });
  }
}

/** The cluster takes messages more slowly than they come, or does not answer, and what waits has reached its bound. */
export class ProducerBacklogError extends CausewayError {
  readonly code = 'PRODUCER_BACKLOG';
  readonly retriable = true;

  constructor(cluster: string, reason: string) {
    super(`${cluster} has not taken what it was sent, and ${reason}`, {
      safe: NOTHING_SENT,
      next: 'Send them again later. If it stays so, the cluster is too slow or does not answer.',
    });
  }
}

/** The active cluster has no such topic, and none is made by sending to it. */
export class TopicNotFoundError extends CausewayError {
  readonly code = 'TOPIC_NOT_FOUND';
  readonly retriable = false;

  constructor(cluster: string, topic: string, cause: unknown) {
    super(`${cluster} has no topic ${topic}, or does not show it`, {
      safe: NOTHING_SENT,
      next: 'Create it on both clusters, with as many partitions: producers write to the same name wherever they are. The user needs the right to describe it.',
      cause,
    });
  }
}

/** The producer was disconnected. */
export class ProducerClosedError extends CausewayError {
  readonly code = 'PRODUCER_CLOSED';
  readonly retriable = false;

  constructor() {
    super('the producer is not connected', {
      safe: NOTHING_SENT,
      next: 'Call connect() before, and disconnect() last.',
    });
  }
}

/** What is known of the messages of one request. */
export interface DeliveryParts {
  /** Written, or not: nobody knows. */
  readonly unknown: readonly TopicMessage[];
  /** Never sent to any cluster. */
  readonly unsent: readonly TopicMessage[];
  /** Acknowledged. */
  readonly delivered: readonly RecordMetadata[];
}

export interface TopicMessage {
  readonly topic: string;
  /** As it was given. */
  readonly message: Message;
}

/**
 * A request was under way when its cluster was left, or its time was over, and no acknowledgement came. It is not sent
 * to the other cluster: it may be in the log of the first, and would be copied from there.
 */
export class DeliveryUnknownError extends CausewayError {
  readonly code = 'DELIVERY_UNKNOWN';
  /** Sending again may write the messages a second time, which only the application can judge. */
  readonly retriable = false;
  readonly cluster: string;
  readonly unknown: readonly TopicMessage[];
  readonly unsent: readonly TopicMessage[];
  readonly delivered: readonly RecordMetadata[];

  constructor(cluster: string, { unknown, unsent, delivered }: DeliveryParts, cause: unknown) {
    const counts = `${unknown.length} messages may or may not be written, ${unsent.length} were not sent`;
    super(`${cluster} did not answer in time: ${counts}`, {
      safe: 'What is not acknowledged was not sent to the other cluster; what was written is copied to it by the flow.',
      next: 'Send `unsent` again. Send `unknown` again only if consumers recognise a message that they have seen.',
      cause,
    });
    this.cluster = cluster;
    this.unknown = unknown;
    this.unsent = unsent;
    this.delivered = delivered;
  }
}

/** A consumer that has left its group was asked to commit, or the offset is one of another cluster. */
export class ConsumerMovedError extends CausewayError {
  readonly code = 'CONSUMER_MOVED';
  readonly retriable = false;

  constructor(groupId: string, why: string) {
    super(`${groupId}: ${why}`, {
      safe: 'Nothing was committed.',
      next: 'Drop the offset: the messages since the last commit are delivered again, on the cluster that is used now.',
    });
  }
}

/** Copies are subscribed to along with the topic that they are copies of. */
export class SubscriptionToCopyError extends CausewayError {
  readonly code = 'SUBSCRIPTION_TO_COPY';
  readonly retriable = false;

  constructor(topic: string, upstream: string) {
    super(`${topic} is the copy of ${upstream}`, {
      safe: 'Nothing was subscribed to.',
      next: `Subscribe to ${upstream}: on either cluster its copy from the other is read too.`,
    });
  }
}
