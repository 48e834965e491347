import { describe, expect, test } from 'vitest';
import { decodeFlow, encodeFlow } from '../../../shared/config/flow-json.ts';
import { flowPolicy } from '../../../shared/config/flow-policy.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import { decodeTopicChoice, encodeTopicChoice, topicVerdicts } from '../../../shared/config/topic-choice.ts';
import { EXAMPLES, example } from './examples/example.ts';

describe('a flow as JSON', () => {
  test.each(EXAMPLES)('%s: every flow comes back as it was, in less than 4 KB', (name) => {
    for (const flow of parseConfiguration(example(name), { file: name }).configuration.flows) {
      const json = encodeFlow(flow);

      expect(decodeFlow(json)).toEqual(flow);
      expect(Buffer.byteLength(json)).toBeLessThan(4096);
    }
  });

  test.each(['', '{}', '[]', '{"source":1}'])('%s is refused', (json) => {
    expect(() => decodeFlow(json)).toThrow();
  });
});

describe('which topics a flow copies, as JSON', () => {
  test.each(EXAMPLES)('%s: is what the flow itself says', (name) => {
    for (const flow of parseConfiguration(example(name), { file: name }).configuration.flows) {
      const { covers } = flowPolicy(flow);
      const copies = ['orders', 'heartbeats', '__consumer_offsets', 'payments.replica', `${flow.target.alias}.orders`];

      const told = topicVerdicts(decodeTopicChoice(encodeTopicChoice(flow)));

      expect(copies.map(told)).toEqual(copies.map(covers));
    }
  });

  test.each(['', '{}', '[]'])('%s is refused', (json) => {
    expect(() => decodeTopicChoice(json)).toThrow();
  });
});
