import { expect, test } from 'vitest';
import { flowSchema } from '../../../shared/config/flow-schema.ts';
import { ALARM_SETTINGS, defaultAlarmSettings } from '../../../shared/metrics/alarm-settings.ts';
import { faultsOf, flow } from './two-clusters.ts';

test('a file that says nothing of alarms has the defaults, of which the rate is learnt', () => {
  expect(flow().alarms).toEqual({ enabled: true, topicArns: [], settings: defaultAlarmSettings });
  expect(flow().dashboard).toEqual({ enabled: true });
  expect(defaultAlarmSettings).toMatchObject({ recordAgeMs: 60_000, recordsWaiting: 10_000 });
  expect(defaultAlarmSettings.recordsPerMinute).toBeUndefined();
});

test.each(Object.entries(ALARM_SETTINGS))('%s is set by its property, within its bounds', (name, setting) => {
  const { property, minimum, maximum } = setting;
  const key = `causeway.${property}`;
  const set = flow(`${key} = ${minimum + 1}`);

  expect(set.alarms.settings).toEqual({ ...defaultAlarmSettings, [name]: minimum + 1 });
  expect(flowSchema.parse(set).alarms).toEqual(set.alarms);
  const bounded = maximum === Number.MAX_SAFE_INTEGER ? [minimum - 1] : [minimum - 1, maximum + 1];
  for (const beyond of bounded) expect(faultsOf(`${key} = ${beyond}`)).toMatchObject([{ key, value: `${beyond}` }]);
});
