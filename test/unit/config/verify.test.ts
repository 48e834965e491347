import { expect, test } from 'vitest';
import { flowSchema } from '../../../shared/config/flow-schema.ts';
import { faultsOf, flow } from './two-clusters.ts';

test('logs are not compared all the time unless the file says so', () => {
  expect(flow().verify).toEqual({ enabled: false, intervalMinutes: 15 });
  const set = flow('us-east->us-west.causeway.verify.enabled = true\ncauseway.verify.interval.minutes = 60');
  expect(set.verify).toEqual({ enabled: true, intervalMinutes: 60 });
  expect(flowSchema.parse(set).verify).toEqual(set.verify);
});

test.each(['0', '1441', '1.5', 'daily'])('an interval of %s is a fault', (value) => {
  const key = 'causeway.verify.interval.minutes';

  expect(faultsOf(`${key} = ${value}`)).toMatchObject([{ key, value, expected: expect.stringContaining('1 to 1440') }]);
});
