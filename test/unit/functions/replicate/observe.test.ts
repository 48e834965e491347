import { describe, expect, test } from 'vitest';
import { publishRefusal } from '../../../../functions/describe-error.ts';
import { observeAppends, publish } from '../../../../functions/replicate/observe.ts';
import { DeliveryOutdated, OldRecordsWait } from '../../../../shared/append/errors.ts';
import { sourceOffset } from '../../../../shared/flow/offset.ts';
import { MalformedEventError } from '../../../../shared/records/errors.ts';
import { recorder } from './recorder.ts';

const partition = {
  flow: { source: 'us-east', target: 'us-west' },
  topic: 'orders',
  remoteTopic: 'us-east.orders',
  partition: 3,
  generation: 2,
};
const place = { topic: 'orders', remoteTopic: 'us-east.orders', partition: 3, generation: 2 };

function stopped(error: Error) {
  return { topic: 'orders', partition: 3, delivered: 5, leftOut: 0, newestTimestamp: 1, stopped: { from: 17, error } };
}

describe('what replicate tells', () => {
  test('says of a take-over which partition it was and why', () => {
    const { lines, counted, logger, metrics } = recorder();

    observeAppends(logger, metrics).tookOver(partition, 'source-leader-changed');

    expect(lines).toEqual([['warn', expect.stringContaining('orders'), { ...place, cause: 'source-leader-changed' }]]);
    expect(counted).toEqual({ TakeOvers: 1 });
  });

  test('says of everything else that is not the steady state which partition it was', () => {
    const { lines, counted, logger, metrics } = recorder();
    const observer = observeAppends(logger, metrics);

    observer.settled(partition, 12);
    observer.retried(partition, 'NOT_LEADER_OR_FOLLOWER');
    const gap = { kind: 'retention-gap', from: sourceOffset(4), to: sourceOffset(9), at: 0 } as const;
    observer.recorded(partition, gap);

    expect(lines.map(([level, , fields]) => [level, fields])).toEqual([
      ['info', { ...place, records: 12 }],
      ['info', { ...place, reason: 'NOT_LEADER_OR_FOLLOWER' }],
      ['error', { ...place, entry: gap }],
    ]);
    expect(counted).toEqual({ RecordsSettled: 12, Retries: 1, LedgerEntries: 1, OffsetsLostToRetention: 5 });
  });

  test.each([
    ['OLD_RECORDS_WAIT', new OldRecordsWait(partition, 1_700_000_000_000)],
    ['DELIVERY_OUTDATED', new DeliveryOutdated(partition, 17)],
  ])('says of %s where it stopped, what is safe and what to do', (code, error) => {
    const { lines, counted, logger, metrics } = recorder();

    publish([stopped(error)], 2_000, logger, metrics);

    const { safe, next } = error;
    expect(lines).toEqual([
      ['error', error.message, expect.objectContaining({ topic: 'orders', partition: 3, from: 17, code, safe, next })],
    ]);
    expect(counted).toEqual({ PartitionsStopped: 1 });
  });

  test('asks for help where trying again does not', () => {
    const { counted, logger, metrics } = recorder();

    publish([stopped(new MalformedEventError('x', 'y')), stopped(new TypeError('a defect'))], 2_000, logger, metrics);

    expect(counted).toEqual({ PartitionsStopped: 2, PartitionsNeedingHelp: 2 });
  });

  test('tells the causes of an error in words, and nothing that libraries hang onto it', () => {
    const { lines, logger, metrics } = recorder();
    const request = { payload: Buffer.from('secret'), password: 'secret' };
    const cause = Object.assign(new Error('Connection closed', { cause: new Error('ECONNRESET') }), { request });

    publish([stopped(Object.assign(new Error('failed', { cause }), { request }))], 2_000, logger, metrics);

    expect(lines[0]?.[2].causes).toEqual(['Error: Connection closed', 'Error: ECONNRESET']);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  test('says of an event, or a start, that came to nothing what to do', () => {
    const { lines, counted, logger, metrics } = recorder();

    publishRefusal(new MalformedEventError('eventSource is "aws:sqs"', '"aws:kafka"'), logger, metrics);

    expect(lines).toEqual([
      ['critical', expect.stringContaining('aws:sqs'), expect.objectContaining({ code: 'MALFORMED_EVENT' })],
    ]);
    expect(counted).toEqual({ InvocationsRefused: 1 });
  });
});
