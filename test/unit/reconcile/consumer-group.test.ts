import fc from 'fast-check';
import { expect, test } from 'vitest';
import { consumerGroup, isCausewayGroup } from '../../../shared/reconcile/consumer-group.ts';

const flow = { source: 'us-east', target: 'us-west' };
const name = fc.stringMatching(/^[a-zA-Z0-9._-]{1,249}$/);

test('the group names the flow, the topic and the generation', () => {
  expect(consumerGroup(flow, 'orders', 3)).toBe('causeway.us-east.us-west.orders.g3');
});

test('every group is one that an event source mapping takes, and is known as ours', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), name, fc.integer({ min: 1, max: 1e6 }), (alias, topic, generation) => {
      const group = consumerGroup({ source: alias, target: 'b' }, topic, generation);
      expect(group).toMatch(/^[a-zA-Z0-9\-/*:_+=.@]{1,200}$/);
      expect(isCausewayGroup(group)).toBe(true);
    }),
  );
});

test('no two of flow, topic and generation share a group', () => {
  const alias = fc.stringMatching(/^[a-c.]{1,4}$/);
  const topic = fc.stringMatching(/^[a-cg.1]{1,5}$/);
  const key = fc.tuple(alias, alias, topic, fc.integer({ min: 1, max: 12 }));
  fc.assert(
    fc.property(key, key, (a, b) => {
      const of = ([source, target, t, generation]: typeof a) => consumerGroup({ source, target }, t, generation);
      expect(of(a) === of(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
    { numRuns: 2_000 },
  );
});
