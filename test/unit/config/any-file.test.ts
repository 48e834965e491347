import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Parsed } from '../../../shared/config/configuration.ts';
import { TABLES } from '../../../shared/config/document/property-tables.ts';
import { ConfigurationError } from '../../../shared/config/errors.ts';
import { decodeFlow, encodeFlow } from '../../../shared/config/flow-json.ts';
import { flowPolicy } from '../../../shared/config/flow-policy.ts';
import { CLIENT_PROPERTIES } from '../../../shared/config/known/client-properties.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';

const SECRET = 's3cr3t-value';
const SECRETS = [...CLIENT_PROPERTIES.values()]
  .filter(({ name, type }) => type === 'password' && !name.includes('certificate'))
  .map(({ name }) => name);
const NAMES = [...TABLES.values()].flat().map(({ name }) => name);
const PREFIXES = [
  '',
  'a.',
  'b.',
  'c.',
  'a->b.',
  'b->a.',
  'a->c.',
  'a.consumer.',
  'b.producer.',
  'a->b.producer.override.',
];
const VALUES = [
  '',
  'true',
  'false',
  '1',
  '0',
  '-1',
  'x',
  'a,b',
  '.*',
  '(',
  'SASL_SSL',
  'SSL',
  'PLAIN',
  'zstd',
  'iam',
  'h:1',
  '[a&&b]',
];

const line = fc.oneof(
  fc
    .tuple(fc.constantFrom(...PREFIXES), fc.constantFrom(...NAMES), fc.constantFrom(...VALUES))
    .map(([prefix, name, value]) => `${prefix}${name} = ${value}`),
  fc
    .tuple(fc.constantFrom(...PREFIXES), fc.constantFrom(...SECRETS), fc.constantFrom(SECRET, `x="${SECRET}`))
    .map(([prefix, name, value]) => `${prefix}${name} = ${value}`),
  fc.string({ maxLength: 20 }),
);
const file = fc
  .array(line, { maxLength: 25 })
  .map((lines) => ['clusters = a, b', 'bootstrap.servers = h:9092', 'a->b.enabled = true', ...lines].join('\n'));

function parse(text: string): Parsed | ConfigurationError {
  try {
    return parseConfiguration(text, { file: 'mm2.properties' });
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

describe('any file', { timeout: 60_000 }, () => {
  test('is either read or refused with its faults, and shows no secret', () => {
    fc.assert(
      fc.property(file, (text) => {
        const result = parse(text);

        expect(inspect(result, { depth: null })).not.toContain(SECRET);
        expect(JSON.stringify(result)).not.toContain(SECRET);
        if (result instanceof ConfigurationError) expect(result.faults.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  test('that is read gives flows that come back from JSON, and that answer for any name', () => {
    const reference = { provider: 'secrets', path: 'deposited' } as const;
    let flows = 0;
    fc.assert(
      fc.property(file, fc.string(), (text, name) => {
        const result = parse(text);
        if (result instanceof ConfigurationError) return;
        for (const flow of result.configuration.flows) {
          const json = encodeFlow(flow, () => reference);
          expect(encodeFlow(decodeFlow(json))).toBe(json);
          expect(flowPolicy(flow).covers(name).reason).not.toBe('');
          flows += 1;
        }
      }),
      { numRuns: 600, seed: 11 },
    );
    expect(flows).toBeGreaterThan(50);
  });
});
