import kafkajs from 'kafkajs';
import { describe, expect, test } from 'vitest';
import { refusalOfKafkaJs } from '../../../../../shared/client/failover/producer/kafkajs-producer.ts';

const { KafkaJSConnectionError, KafkaJSError, KafkaJSNonRetriableError, KafkaJSNumberOfRetriesExceeded } = kafkajs;

/** As kafkajs makes them of a broker's answer. */
function protocolError(type: string, retriable: boolean) {
  const answer = Object.assign(new Error(type), { type, retriable, code: 1 });
  return new kafkajs.KafkaJSProtocolError(answer);
}

function givenUp(cause: Error) {
  return new KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 5, retryTime: 1 });
}

/** Its type hides that it wants a message. */
const lockTimeout: Error = Reflect.construct(kafkajs.KafkaJSLockTimeout, ['Timeout while acquiring lock']);

describe('an error of kafkajs', () => {
  test.each([
    ['that the broker will repeat', protocolError('MESSAGE_TOO_LARGE', false), 'final'],
    ['of the rights', protocolError('TOPIC_AUTHORIZATION_FAILED', false), 'final'],
    ['of the application’s own', new TypeError('value is no string'), 'final'],
    ['of a request that it does not take', new KafkaJSNonRetriableError('Invalid topic'), 'final'],
    ['of the sequence', protocolError('OUT_OF_ORDER_SEQUENCE_NUMBER', false), 'sequence'],
    ['of the producer’s epoch', protocolError('INVALID_PRODUCER_EPOCH', false), 'sequence'],
    ['of a leader that has moved', protocolError('NOT_LEADER_FOR_PARTITION', true), 'passing'],
    ['of followers that are late', protocolError('NOT_ENOUGH_REPLICAS_AFTER_APPEND', true), 'passing'],
    ['of the connection', new KafkaJSConnectionError('Connection error: read ECONNRESET'), 'passing'],
    ['of its patience, about the connection', givenUp(new KafkaJSConnectionError('ECONNREFUSED')), 'passing'],
    ['of its patience, about the sequence', givenUp(protocolError('UNKNOWN_PRODUCER_ID', false)), 'sequence'],
    ['of its locks', lockTimeout, 'passing'],
    ['of no kind', new KafkaJSError('no leader of orders-0 is known'), 'passing'],
  ])('%s', (_, error, expected) => {
    expect(refusalOfKafkaJs(error)).toBe(expected);
  });
});
