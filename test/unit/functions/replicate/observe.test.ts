import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { publishRefusal } from '../../../../functions/describe-error.ts';
import { observeAppends, type Published, publish } from '../../../../functions/replicate/observe.ts';
import {
  DeliveryOutdated,
  MappingBeganLate,
  OldRecordsWait,
  SourceCutBack,
  TargetCutBack,
} from '../../../../shared/append/errors.ts';
import { sourceOffset } from '../../../../shared/flow/offset.ts';
import { MalformedEventError } from '../../../../shared/records/errors.ts';
import type { PartitionOutcome } from '../../../../shared/replicate/replicate-event.ts';
import { recorder } from './recorder.ts';

const partition = {
  flow: { source: 'us-east', target: 'us-west' },
  topic: 'orders',
  remoteTopic: 'us-east.orders',
  partition: 3,
  generation: 2,
};
const place = { topic: 'orders', remoteTopic: 'us-east.orders', partition: 3, generation: 2 };

const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
const NOTHING = { leftOut: 0, bytes: 0, timestamps: [], landedAt: undefined };

function stopped(error: Error) {
  return { topic: 'orders', partition: 3, delivered: 5, ...NOTHING, stopped: { from: 17, error } };
}

function of(...outcomes: PartitionOutcome[]): Published {
  return { outcomes, receivedAt: 2_000, isMeasured: (topic) => topic !== 'quiet' };
}

describe('what replicate tells', () => {
  test('of records that landed is told of their topic and of the flow', () => {
    const { lines, logger, meter } = recorder();
    const landed = {
      delivered: 5,
      leftOut: 1,
      bytes: 400,
      timestamps: [1_400, 1_900],
      landedAt: 2_300,
      stopped: undefined,
    };

    publish(
      of({ topic: 'orders', partition: 3, ...landed }, { topic: 'quiet', partition: 0, ...landed }),
      logger,
      meter,
    );

    const figures = {
      RecordsReplicated: [4],
      BytesReplicated: [400],
      RecordAge: [600],
      ReplicationLatency: [900, 400],
    };
    expect(meter.apart).toEqual([[{ Topic: 'orders' }, figures]]);
    expect(meter.current).toEqual({
      RecordsReplicated: [4, 4],
      BytesReplicated: [400, 400],
      RecordAge: [600, 600],
      ReplicationLatency: [900, 400, 900, 400],
    });
    expect(lines).toEqual([]);
  });

  test('of a record from the future is no negative age', () => {
    const { logger, meter } = recorder();
    const landed = { delivered: 1, leftOut: 0, bytes: 1, timestamps: [9_000], landedAt: 2_300, stopped: undefined };

    publish(of({ topic: 'orders', partition: 3, ...landed }), logger, meter);

    expect(meter.current).toMatchObject({ RecordAge: [0], ReplicationLatency: [0] });
  });

  test('says of a take-over which partition it was and why', () => {
    const { lines, logger, meter } = recorder();

    observeAppends(logger, meter).tookOver(partition, 'source-leader-changed');

    expect(lines).toEqual([['warn', expect.stringContaining('orders'), { ...place, cause: 'source-leader-changed' }]]);
    expect(meter.sums).toEqual({ TakeOvers: 1 });
  });

  test('says of everything else that is not the steady state which partition it was', () => {
    const { lines, logger, meter } = recorder();
    const observer = observeAppends(logger, meter);

    observer.settled(partition, 12);
    observer.retried(partition, 'NOT_LEADER_OR_FOLLOWER');
    observer.retried(partition, 'OUT_OF_ORDER_SEQUENCE_NUMBER: 4 after 2');
    observer.dropped(partition, 7);
    const gap = { kind: 'retention-gap', from: sourceOffset(4), to: sourceOffset(9), at: 0 } as const;
    observer.recorded(partition, gap);

    expect(lines.map(([level, , fields]) => [level, fields])).toEqual([
      ['info', { ...place, records: 12 }],
      ['info', { ...place, reason: 'NOT_LEADER_OR_FOLLOWER' }],
      ['info', { ...place, reason: 'OUT_OF_ORDER_SEQUENCE_NUMBER: 4 after 2' }],
      ['error', { ...place, entry: gap }],
    ]);
    expect(meter.sums).toEqual({
      ...{ RecordsSettled: 12, Retries: 2, OutOfOrderRefusals: 1, DuplicatesDropped: 7 },
      ...{ LedgerEntries: 1, RecordsLostToRetention: 5 },
    });
  });

  test.each([
    ['OLD_RECORDS_WAIT', new OldRecordsWait(partition, 1_700_000_000_000)],
    ['DELIVERY_OUTDATED', new DeliveryOutdated(partition, 17)],
  ])('says of %s where it stopped, what is safe and what to do', (code, error) => {
    const { lines, logger, meter } = recorder();

    publish(of(stopped(error)), logger, meter);

    const { safe, next } = error;
    expect(lines).toEqual([
      ['error', error.message, expect.objectContaining({ topic: 'orders', partition: 3, from: 17, code, safe, next })],
    ]);
    expect(meter.sums).toEqual({ PartitionsStopped: 1 });
  });

  test.each([
    ['SOURCE_CUT_BACK', new SourceCutBack(partition, sourceOffset(12), 17)],
    ['TARGET_CUT_BACK', new TargetCutBack(partition, sourceOffset(12), 17)],
    ['MAPPING_BEGAN_LATE', new MappingBeganLate(partition, sourceOffset(12), 17)],
  ])('asks for help with %s, which waits until the group is set back, and says which and how', (code, error) => {
    const { lines, logger, meter } = recorder();

    publish(of(stopped(error)), logger, meter);

    expect(meter.sums).toEqual({ PartitionsStopped: 1, PartitionsNeedingHelp: 1 });
    expect(lines).toMatchObject([['error', error.message, { code, from: 17 }]]);
    expect(error.next).toMatch(
      /the consumer group causeway\.us-east\.us-west\.orders\.g2 .* to offset 12 for partition 3/,
    );
    expect(error.next).toContain('docs/errors.md#setting-a-mappings-group');
    expect(page).toContain("\n### Setting a mapping's group\n");
  });

  test('asks for help where trying again does not', () => {
    const { logger, meter } = recorder();

    publish(of(stopped(new MalformedEventError('x', 'y')), stopped(new TypeError('a defect'))), logger, meter);

    expect(meter.sums).toEqual({ PartitionsStopped: 2, PartitionsNeedingHelp: 2 });
  });

  test('tells the causes of an error in words, and nothing that libraries hang onto it', () => {
    const { lines, logger, meter } = recorder();
    const request = { payload: Buffer.from('secret'), password: 'secret' };
    const cause = Object.assign(new Error('Connection closed', { cause: new Error('ECONNRESET') }), { request });

    publish(of(stopped(Object.assign(new Error('failed', { cause }), { request }))), logger, meter);

    expect(lines[0]?.[2].causes).toEqual(['Error: Connection closed', 'Error: ECONNRESET']);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  test('says of an event, or a start, that came to nothing what to do', () => {
    const { lines, logger, meter } = recorder();

    publishRefusal(new MalformedEventError('eventSource is "aws:sqs"', '"aws:kafka"'), logger, meter);

    expect(lines).toEqual([
      ['critical', expect.stringContaining('aws:sqs'), expect.objectContaining({ code: 'MALFORMED_EVENT' })],
    ]);
    expect(meter.sums).toEqual({ InvocationsRefused: 1 });
  });
});
