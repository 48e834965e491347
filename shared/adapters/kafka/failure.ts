import { AuthenticationError, GenericError, MultipleErrors, ProtocolError } from '@platformatic/kafka';
import { CausewayError } from '../../flow/errors.ts';
import {
  ClusterUnreachableError,
  KafkaAuthenticationError,
  KafkaAuthorizationError,
  KafkaRequestError,
  type NeededRight,
  UnknownTopicError,
} from './errors.ts';

/** What was being done, for the error that tells of it. */
export interface Doing {
  readonly cluster: string;
  /** `host:port` where it is known. */
  readonly address?: string;
  /** `ListOffsets of orders-3` */
  readonly request: string;
  /** `topic orders` or `partition orders-3`, for an error that says it does not exist. */
  readonly subject: string;
  readonly needs: NeededRight;
}

/** Kafka's name of the error in an answer, `NOT_LEADER_OR_FOLLOWER`; undefined when there was no answer. */
export function answerOf(error: unknown): string | undefined {
  for (const each of chain(error)) if (each instanceof ProtocolError) return stringProperty(each, 'apiId');
  return undefined;
}

/** True when the connection, not the broker, failed: nothing is known of the request. */
export function isConnectionFailure(error: unknown): boolean {
  return answerOf(error) === undefined && [...chain(error)].some((each) => each instanceof GenericError);
}

/** The broker moved something or is not ready yet; asking again, after new metadata, may succeed. */
const RETRIABLE_ANSWERS = new Set([
  'BROKER_NOT_AVAILABLE',
  'CONCURRENT_TRANSACTIONS',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'KAFKA_STORAGE_ERROR',
  'LEADER_NOT_AVAILABLE',
  'LISTENER_NOT_FOUND',
  'NETWORK_EXCEPTION',
  'NOT_CONTROLLER',
  'NOT_COORDINATOR',
  'NOT_LEADER_OR_FOLLOWER',
  'OFFSET_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'REQUEST_TIMED_OUT',
  'THROTTLING_QUOTA_EXCEEDED',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);

export function isRetriable(error: unknown): boolean {
  if (error instanceof CausewayError) return error instanceof ClusterUnreachableError;
  const answer = answerOf(error);
  if (answer !== undefined) return RETRIABLE_ANSWERS.has(answer);
  return isConnectionFailure(error) && !isRefusedCredentials(error) && !isUntrusted(error);
}

/** The error that tells the user what happened, what is safe and what to do. */
export function explain(error: unknown, doing: Doing): CausewayError {
  if (error instanceof CausewayError) return error;
  const { cluster, address = 'a broker' } = doing;
  const answer = answerOf(error);
  if (isRefusedCredentials(error)) return new KafkaAuthenticationError(cluster, address, deepestMessage(error), error);
  if (answer?.endsWith('AUTHORIZATION_FAILED')) return new KafkaAuthorizationError(cluster, doing.needs, error);
  if (answer === 'UNKNOWN_TOPIC_OR_PARTITION' || answer === 'UNKNOWN_TOPIC_ID') {
    return new UnknownTopicError(cluster, doing.subject, error);
  }
  if (isConnectionFailure(error))
    return new ClusterUnreachableError(cluster, [`${address}: ${deepestMessage(error)}`], error);
  return new KafkaRequestError(cluster, doing.request, deepestMessage(error), {
    reason: answer,
    retriable: isRetriable(error),
    cause: error,
    next: REMEDIES.get(answer ?? ''),
  });
}

/** What a topic with other settings than its source, or an older broker, does not take of records. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  [
    'INVALID_TIMESTAMP',
    'Set message.timestamp.after.max.ms and message.timestamp.before.max.ms of the remote topic to what the source ' +
      'topic has: its records bear such timestamps. The partition waits and goes on by itself.',
  ],
  [
    'INVALID_RECORD',
    'If the message speaks of a missing key: take compact out of cleanup.policy of the remote topic, as on the source. ' +
      'The partition waits and goes on by itself.',
  ],
  ['UNSUPPORTED_COMPRESSION_TYPE', 'Set causeway.compression.type to a codec that these brokers know.'],
]);

/** The innermost message, which names the fault (`connect ECONNREFUSED ...`, `Invalid username or password`). */
export function deepestMessage(error: unknown): string {
  let message = String(error);
  for (const each of chain(error)) {
    message = stringProperty(each, 'serverErrorMessage') ?? (each instanceof Error ? each.message : String(each));
  }
  return message;
}

const REFUSED_CREDENTIALS = new Set(['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE']);

/** The client also reports a connection lost during SASL as an authentication error; that is not a refusal. */
function isRefusedCredentials(error: unknown): boolean {
  const answer = answerOf(error);
  if (answer !== undefined) return REFUSED_CREDENTIALS.has(answer);
  const causes = [...chain(error)];
  return causes.at(-1) instanceof AuthenticationError || causes.some((each) => each instanceof CredentialsError);
}

/** A certificate that TLS does not accept stays as it is however often we ask (Node's and OpenSSL's error codes). */
function isUntrusted(error: unknown): boolean {
  return [...chain(error)].some((each) => /CERT|SIGNATURE|ALTNAME|ISSUER/.test(stringProperty(each, 'code') ?? ''));
}

/** Credentials could not be had at all, so none were sent. */
export class CredentialsError extends Error {}

/** The error, its causes and the errors it is made of, outermost first. */
function* chain(error: unknown): Generator<unknown> {
  const seen = new Set<unknown>();
  for (let each = error; each !== undefined && each !== null && !seen.has(each); ) {
    seen.add(each);
    yield each;
    if (each instanceof MultipleErrors || each instanceof AggregateError) each = each.errors[0] ?? each.cause;
    else each = each instanceof Error ? each.cause : undefined;
  }
}

function stringProperty(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null || !(name in value)) return undefined;
  const property: unknown = Reflect.get(value, name);
  return typeof property === 'string' ? property : undefined;
}
