import { describe, expect, test } from 'vitest';
import { decodeFlow, encodeFlow } from '../../../shared/config/flow-json.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
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
