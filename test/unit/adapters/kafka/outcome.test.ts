import { protocolErrorsCodesById } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { OUTCOME_OF_ERROR, outcomeOf } from '../../../../shared/adapters/kafka/outcome.ts';
import { rights } from '../../../../shared/adapters/kafka/rights.ts';

const doing = {
  cluster: 'us-west',
  request: 'Produce to orders-3',
  subject: 'partition orders-3',
  needs: rights.writeTopic('orders'),
};
const names: Readonly<Record<string, string>> = protocolErrorsCodesById;
const codeOf = new Map(Object.entries(names).map(([code, name]) => [name, Number(code)]));

function outcome(name: string) {
  const errorCode = codeOf.get(name);
  if (errorCode === undefined) throw new Error(`${name} is not an error of Kafka`);
  return outcomeOf({ errorCode, baseOffset: -1, errorMessage: null }, doing);
}

describe('outcomeOf', () => {
  it('tells where a batch is', () => {
    expect(outcomeOf({ errorCode: 0, baseOffset: 42, errorMessage: null }, doing)).toEqual({
      kind: 'appended',
      base: 42,
    });
  });

  it('does not believe a success that tells no offset', () => {
    expect(outcomeOf({ errorCode: 0, baseOffset: -1, errorMessage: null }, doing).kind).toBe('unknown');
  });

  it.each(Object.entries(OUTCOME_OF_ERROR))('maps %s to %s', (name, kind) => {
    expect(outcome(name).kind).toBe(kind);
  });

  it('keeps to what the protocol counts on', () => {
    const refused = [
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      'INVALID_PRODUCER_EPOCH',
      'DUPLICATE_SEQUENCE_NUMBER',
      'UNKNOWN_PRODUCER_ID',
    ];
    expect(refused.map((name) => outcome(name).kind)).toEqual(refused.map(() => 'refused'));
    const open = [
      'REQUEST_TIMED_OUT',
      'NOT_LEADER_OR_FOLLOWER',
      'NOT_ENOUGH_REPLICAS',
      'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
    ];
    expect(open.map((name) => outcome(name).kind)).toEqual(open.map(() => 'unknown'));
    expect([outcome('MESSAGE_TOO_LARGE'), outcome('RECORD_LIST_TOO_LARGE')]).toEqual([
      { kind: 'too-large' },
      { kind: 'too-large' },
    ]);
  });

  it('leaves open what an error means that is newer than the table', () => {
    const newer = outcomeOf({ errorCode: 31_000, baseOffset: -1, errorMessage: 'new' }, doing);
    expect(newer).toEqual({ kind: 'unknown', reason: 'error 31000: new' });
  });

  it('names the missing right', () => {
    expect(outcome('TOPIC_AUTHORIZATION_FAILED')).toMatchObject({
      kind: 'failed',
      error: {
        code: 'KAFKA_NOT_AUTHORIZED',
        message: 'Cluster us-west denies Write on topic orders',
        next: expect.stringContaining('kafka-cluster:WriteData'),
      },
    });
  });
});
