import { ProtocolError, protocolErrorsCodesById } from '@platformatic/kafka';
import type { AppendOutcome } from '../../append/ports.ts';
import { targetOffset } from '../../flow/offset.ts';
import { type Doing, explain } from './failure.ts';
import type { ProduceAnswer } from './produce-api.ts';

type Kind = Exclude<AppendOutcome['kind'], 'appended'>;

/**
 * What each error of a produce response means for the records. Names and meanings: Kafka's protocol guide and
 * `org.apache.kafka.common.protocol.Errors` of 4.1. Errors that are not listed leave open what happened.
 */
export const OUTCOME_OF_ERROR: Readonly<Record<string, Kind>> = {
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'refused',
  INVALID_PRODUCER_EPOCH: 'refused',
  DUPLICATE_SEQUENCE_NUMBER: 'refused',
  UNKNOWN_PRODUCER_ID: 'refused',
  PRODUCER_FENCED: 'refused',
  /** Somebody writes transactional data under our producer id; a take-over ends that. */
  INVALID_TXN_STATE: 'refused',

  MESSAGE_TOO_LARGE: 'too-large',
  RECORD_LIST_TOO_LARGE: 'too-large',

  UNKNOWN_SERVER_ERROR: 'unknown',
  CORRUPT_MESSAGE: 'unknown',
  /** Also a leader that has not heard of a new topic yet; metadata then tells whether it exists. */
  UNKNOWN_TOPIC_OR_PARTITION: 'unknown',
  UNKNOWN_TOPIC_ID: 'unknown',
  LEADER_NOT_AVAILABLE: 'unknown',
  NOT_LEADER_OR_FOLLOWER: 'unknown',
  REQUEST_TIMED_OUT: 'unknown',
  BROKER_NOT_AVAILABLE: 'unknown',
  REPLICA_NOT_AVAILABLE: 'unknown',
  NETWORK_EXCEPTION: 'unknown',
  COORDINATOR_LOAD_IN_PROGRESS: 'unknown',
  COORDINATOR_NOT_AVAILABLE: 'unknown',
  NOT_COORDINATOR: 'unknown',
  CONCURRENT_TRANSACTIONS: 'unknown',
  NOT_ENOUGH_REPLICAS: 'unknown',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'unknown',
  KAFKA_STORAGE_ERROR: 'unknown',
  FENCED_LEADER_EPOCH: 'unknown',
  UNKNOWN_LEADER_EPOCH: 'unknown',
  THROTTLING_QUOTA_EXCEEDED: 'unknown',

  INVALID_TOPIC_EXCEPTION: 'failed',
  INVALID_REQUIRED_ACKS: 'failed',
  TOPIC_AUTHORIZATION_FAILED: 'failed',
  CLUSTER_AUTHORIZATION_FAILED: 'failed',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'failed',
  INVALID_TIMESTAMP: 'failed',
  UNSUPPORTED_VERSION: 'failed',
  INVALID_REQUEST: 'failed',
  UNSUPPORTED_FOR_MESSAGE_FORMAT: 'failed',
  POLICY_VIOLATION: 'failed',
  SECURITY_DISABLED: 'failed',
  SASL_AUTHENTICATION_FAILED: 'failed',
  UNSUPPORTED_COMPRESSION_TYPE: 'failed',
  /** A record without a key in a compacted topic, for one. */
  INVALID_RECORD: 'failed',
};

const names: Readonly<Record<string, string>> = protocolErrorsCodesById;

/** Kafka's name of an error code; undefined for one that is newer than this table. */
export function errorName(code: number): string | undefined {
  return names[code];
}

export function outcomeOf(answer: ProduceAnswer, doing: Doing): AppendOutcome {
  if (answer.errorCode === 0) {
    if (answer.baseOffset >= 0) return { kind: 'appended', base: targetOffset(answer.baseOffset) };
    return { kind: 'unknown', reason: `success without an offset (${answer.baseOffset})` };
  }
  const name = errorName(answer.errorCode);
  const label = name ?? `error ${answer.errorCode}`;
  const reason = answer.errorMessage ? `${label}: ${answer.errorMessage}` : label;
  const kind = OUTCOME_OF_ERROR[label] ?? 'unknown';
  if (kind === 'too-large') return { kind };
  if (kind !== 'failed') return { kind, reason };
  return { kind, error: explain(new ProtocolError(label, answer.errorMessage), doing) };
}
