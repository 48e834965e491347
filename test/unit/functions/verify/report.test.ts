import { expect, test } from 'vitest';
import { VerifyLog } from '../../../../functions/verify/report.ts';
import { parseRequest } from '../../../../functions/verify/request.ts';
import { KafkaDeadlineError } from '../../../../shared/adapters/kafka/errors.ts';
import { type Difference, Findings } from '../../../../shared/verify/difference.ts';
import type { VerifiedNew } from '../../../../shared/verify/verify-new.ts';
import { Unverified } from '../../../../shared/verify/verify-slice.ts';
import { recorder } from '../replicate/recorder.ts';

const flow = { source: 'us-east', target: 'us-west' };
const partition = { flow, topic: 'orders', remoteTopic: 'us-east.orders', partition: 3, generation: 1 };
const place = { topic: 'orders', partition: 3, generation: 1, remoteTopic: 'us-east.orders' };
const WELL: VerifiedNew = { records: 500, unverified: [], elsewhere: [], lagMs: 1_500 };

function found(...differences: readonly Difference[]) {
  const findings = new Findings();
  for (const each of differences) findings.tell(each);
  return { partition, findings, until: undefined, hasMore: false };
}

test('each difference is a line with its place and its kind, counted and published before the run ends', () => {
  const { lines, logger, meter } = recorder();
  const changed: Difference = { kind: 'changed', source: 5, target: 6, change: { part: 'value', byte: 9 } };

  new VerifyLog(logger, meter).different(found(changed, { kind: 'missing', source: 8, inMap: true }));

  expect(meter.publications).toEqual([{ RecordsNotTheSame: [2] }]);
  expect(lines).toEqual([
    [
      'error',
      'us-east->us-west orders-3: 2 records not the same',
      { ...place, records: expect.objectContaining({ changed: 1, missing: 1 }) },
    ],
    ['error', expect.stringContaining('source offset 5 is another record'), { ...place, difference: changed }],
    [
      'error',
      expect.stringContaining('source offset 8 is not in the target'),
      { ...place, difference: { kind: 'missing', source: 8, inMap: true } },
    ],
  ]);
});

test('a line names twenty offsets of records that are in another order, and no more', () => {
  const { lines, logger, meter } = recorder();
  const offsets = Array.from({ length: 400 }, (_, i) => i);

  new VerifyLog(logger, meter).different(found({ kind: 'reordered', sources: offsets, targets: offsets }));

  expect(meter.publications).toEqual([{ RecordsNotTheSame: [400] }]);
  const [, , fields] = lines.at(-1) ?? [];
  expect(fields?.difference).toEqual({
    kind: 'reordered',
    ...{ sources: offsets.slice(0, 20), targets: offsets.slice(0, 20) },
  });
});

test('a run that finds nothing says nothing but its figures', () => {
  const { lines, logger, meter } = recorder();

  new VerifyLog(logger, meter).ended(WELL);

  expect(lines).toEqual([]);
  expect(meter.current).toEqual({ RecordsVerified: [500], PartitionsUnverified: [0], VerificationLag: [1.5] });
});

test('why partitions are not verified is a line when it begins and one when it ends, and is counted each time', () => {
  const { lines, logger, meter } = recorder();
  const log = new VerifyLog(logger, meter);
  const because = new KafkaDeadlineError('us-east', 'Fetch of orders-3');
  const many = Array.from({ length: 30 }, (_, i) => ({ partition: { ...partition, partition: i }, because }));
  const sick = { ...WELL, unverified: [...many, { partition, because: Unverified.CutBack }] };

  for (const each of [sick, sick, WELL]) log.ended(each);

  expect(meter.current.PartitionsUnverified).toEqual([31, 31, 0]);
  expect(lines.map(([level, message]) => [level, message])).toEqual([
    ['warn', `30 partitions not verified, or not wholly: ${because.message}`],
    ['warn', `1 partition not verified, or not wholly: ${Unverified.CutBack}`],
    ['info', 'no longer: KAFKA_DEADLINE_EXCEEDED'],
    ['info', `no longer: ${Unverified.CutBack}`],
  ]);
  const [, , fields] = lines[0] ?? [];
  expect(fields).toMatchObject({ code: 'KAFKA_DEADLINE_EXCEEDED', next: because.next });
  expect(fields?.partitions).toHaveLength(21);
});

test('what is left to another run is said', () => {
  const { lines, logger, meter } = recorder();

  new VerifyLog(logger, meter).ended({ ...WELL, elsewhere: [partition] });

  expect(lines).toEqual([
    ['info', expect.stringMatching(/^1 partition left to another run/), { partitions: ['orders-3'] }],
  ]);
});

test('only what the schedule sends is a request', () => {
  expect(parseRequest({ action: 'verify' })).toEqual({ action: 'verify' });
  expect(() => parseRequest({ action: 'monitor' })).toThrow();
});
