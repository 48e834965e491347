import { expect, test } from 'vitest';
import { OffsetSyncLog } from '../../../../functions/replicate/observe-offset-syncs.ts';
import { KafkaAuthorizationError } from '../../../../shared/adapters/kafka/errors.ts';
import { rights } from '../../../../shared/adapters/kafka/rights.ts';
import { recorder } from './recorder.ts';

const refused = new KafkaAuthorizationError('us-east', rights.writeTopic('mm2-offset-syncs.us-west.internal'));

test('offset syncs that fail are meter.sums each time and told once, with what to do, until they are written again', () => {
  const { lines, logger, meter } = recorder();
  const log = new OffsetSyncLog(logger, meter);

  log.written(3);
  log.lost(2, refused);
  log.lost(4, undefined);
  log.lost(1, refused);
  log.written(5);
  log.lost(1, refused);

  const { code, safe, next } = refused;
  const told = expect.stringContaining('records are copied all the same: ');
  expect(lines).toEqual([
    ['warn', told, expect.objectContaining({ code, safe, next })],
    ['info', 'offset syncs are written again', undefined],
    ['warn', told, expect.objectContaining({ code, safe, next })],
  ]);
  expect(next).toContain('mm2-offset-syncs.us-west.internal');
  expect(meter.sums).toEqual({ OffsetSyncsWritten: 8, OffsetSyncsLost: 8 });
});
