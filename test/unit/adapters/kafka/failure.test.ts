import {
  AuthenticationError,
  NetworkError,
  ProtocolError,
  ResponseError,
  TimeoutError,
  UserError,
} from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { ClusterUnreachableError } from '../../../../shared/adapters/kafka/errors.ts';
import {
  answerOf,
  deepestMessage,
  explain,
  isConnectionFailure,
  isRetriable,
} from '../../../../shared/adapters/kafka/failure.ts';
import { rights } from '../../../../shared/adapters/kafka/rights.ts';
import { CausewayError } from '../../../../shared/flow/errors.ts';

const doing = {
  cluster: 'us-west',
  address: 'b-1:9098',
  request: 'Fetch of orders-3',
  subject: 'partition orders-3',
  needs: rights.readTopic('orders'),
};
const METADATA = 3;
const response = (code: number) => new ResponseError(METADATA, 11, { '/topics/0': [code, null] }, {});
const refused = new NetworkError('Connection to b-1:9098 failed.', {
  cause: new Error('connect ECONNREFUSED b-1:9098'),
});
const untrusted = new NetworkError('failed', {
  cause: Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
});
const lost = new NetworkError('Connection closed');

describe('what a failure means', () => {
  it('finds the broker’s answer inside of what the client wraps around it', () => {
    expect(answerOf(response(6))).toBe('NOT_LEADER_OR_FOLLOWER');
    expect(
      answerOf(new NetworkError('failed', { cause: new AuthenticationError('no', { cause: response(58) }) })),
    ).toBe('SASL_AUTHENTICATION_FAILED');
    expect(answerOf(lost)).toBeUndefined();
    expect(answerOf('nothing')).toBeUndefined();
  });

  it.each([
    ['a lost connection', lost, true],
    ['a refused connection', refused, true],
    ['a time-out', new TimeoutError('Request timed out'), true],
    ['a moved leader', response(6), true],
    ['a loading coordinator', response(14), true],
    ['a connection lost while SASL was spoken', new AuthenticationError('SASL', { cause: lost }), true],
    ['refused credentials', new AuthenticationError('SASL', { cause: response(58) }), false],
    [
      'a wrong server signature',
      new NetworkError('x', { cause: new AuthenticationError('Invalid server signature.') }),
      false,
    ],
    ['a missing right', response(29), false],
    ['a certificate of nobody', untrusted, false],
    ['a fault of our own', new TypeError('oops'), false],
    ['an explained unreachable cluster', new ClusterUnreachableError('us-west', []), true],
  ])('%s is retriable: %s', (_name, error, expected) => {
    expect(isRetriable(error)).toBe(expected);
  });

  it('tells a failed connection from a broker’s answer', () => {
    expect([lost, refused, response(6)].map(isConnectionFailure)).toEqual([true, true, false]);
  });

  it('says the innermost reason', () => {
    expect(deepestMessage(refused)).toBe('connect ECONNREFUSED b-1:9098');
    expect(deepestMessage(new ProtocolError('POLICY_VIOLATION', 'topic names begin with a team'))).toBe(
      'topic names begin with a team',
    );
  });

  it('names the setting that keeps a record out, where there is one', () => {
    const next = (code: string) => explain(new ProtocolError(code), doing).next;
    expect(next('INVALID_TIMESTAMP')).toContain('message.timestamp.after.max.ms');
    expect(next('INVALID_RECORD')).toContain('cleanup.policy');
    expect(next('UNSUPPORTED_COMPRESSION_TYPE')).toContain('causeway.compression.type');
    expect(next('POLICY_VIOLATION')).toContain('Look up POLICY_VIOLATION');
  });

  it.each([
    [response(58), 'KAFKA_AUTHENTICATION_REFUSED', 'Cluster us-west refused the credentials at b-1:9098'],
    [response(29), 'KAFKA_NOT_AUTHORIZED', 'Cluster us-west denies Read on topic orders'],
    [response(3), 'KAFKA_UNKNOWN_TOPIC', 'Cluster us-west has no partition orders-3'],
    [refused, 'KAFKA_UNREACHABLE', 'No broker of cluster us-west answers: b-1:9098: connect ECONNREFUSED b-1:9098'],
    [new UserError('Broker requires TLS.'), 'KAFKA_UNREACHABLE', 'b-1:9098: Broker requires TLS.'],
    [response(44), 'KAFKA_REQUEST_REFUSED', 'Cluster us-west refused Fetch of orders-3: POLICY_VIOLATION'],
    [untrusted, 'KAFKA_UNREACHABLE', 'b-1:9098: self-signed certificate'],
    [new TypeError('oops'), 'KAFKA_REQUEST_REFUSED', 'Cluster us-west refused Fetch of orders-3: oops'],
  ])('explains %s as %s', (error, code, message) => {
    const explained = explain(error, doing);
    expect(explained).toBeInstanceOf(CausewayError);
    expect(explained.code).toBe(code);
    expect(explained.message).toContain(message);
    expect(explained.safe).not.toBe('');
    expect(explained.next).not.toBe('');
    expect(explain(explained, doing)).toBe(explained);
  });
});
