import { expect, test } from 'vitest';
import { decodeFlow, encodeFlow } from '../../../shared/config/flow-json.ts';
import { flowPolicy } from '../../../shared/config/flow-policy.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import { example } from './examples/example.ts';

test('a function that reads a flow as JSON can say why a topic or group is copied, by the line of the file', () => {
  const [flow] = parseConfiguration(example('active-active'), { file: 'mm2.properties' }).configuration.flows;
  if (flow === undefined) throw new Error('no flow');

  const policy = flowPolicy(decodeFlow(encodeFlow(flow)));

  expect(policy.remoteTopic('orders')).toBe('us-east.orders');
  expect(policy.covers('AUDIT-eu')).toEqual({
    covered: true,
    reason: 'named by (?i)audit-.* in us-east->us-west.topics (line 17)',
  });
  expect(policy.covers('us-west.orders').reason).toContain('would make a loop');
  expect(policy.covers('stock')).toEqual({ covered: false, reason: 'not named by us-east->us-west.topics (line 17)' });
  expect(policy.coversGroup('shipping-eu').covered).toBe(true);
  expect(policy.coversGroup('stock')).toEqual({
    covered: false,
    reason: 'not named by us-east->us-west.groups (line 18)',
  });
  expect(policy.coversConfigProperty('min.insync.replicas').covered).toBe(false);
});
