import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_PACKED_BYTES,
  packEvidence,
  unpackEvidence,
} from '../../../../../shared/adapters/dynamodb/runbook/packed-evidence.ts';

/** Hardly compressed. */
function names(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i}-${randomBytes(24).toString('hex')}`);
}

describe('packed evidence', () => {
  it('is read back as it was, whatever JSON it is', () => {
    const evidence = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)));
    fc.assert(
      fc.property(evidence, (each) => {
        expect(unpackEvidence(packEvidence(each))).toEqual(each);
      }),
    );
  });

  it.each([
    ['a list', '[]'],
    ['nothing', 'null'],
    ['no JSON', '{"partitions":'],
  ])('is not guessed at: %s', (_what, json) => {
    expect(() => unpackEvidence(deflateSync(json))).toThrow();
  });

  it('holds the offsets of 10,000 partitions whole', () => {
    const partitions = Array.from({ length: 10_000 }, (_, i) => ({
      topic: `customer-events-${Math.floor(i / 24)}`,
      partition: i % 24,
      sourceEnd: (i * 7_919_777) % 1_000_000_007,
      nextSource: (i * 7_919_777) % 1_000_000_007,
    }));

    const packed = packEvidence({ partitions });

    expect(packed.length).toBeLessThan(MAX_PACKED_BYTES);
    expect(unpackEvidence(packed)).toEqual({ partitions });
  });

  it('keeps offsets that came as bigint', () => {
    expect(unpackEvidence(packEvidence({ end: 9_007_199_254_740_993n }))).toEqual({ end: '9007199254740993' });
  });

  it('keeps the first entries of the longest lists where it is too large, and says what was left out', () => {
    const [groups, few] = [names(400), names(20)];

    const kept = unpackEvidence(packEvidence({ groups, few, lag: 0 }, 6_000));

    expect(kept).toEqual({ groups: groups.slice(0, 100), few, lag: 0, leftOut: { groups: 300 } });
  });

  it.each([
    ['lists in lists', { topics: names(300).map((topic) => ({ topic, partitions: names(40) })) }],
    ['an object of many members', { behind: Object.fromEntries(names(20_000).map((name) => [name, 3])) }],
    ['nothing but members', Object.fromEntries(names(20_000).map((name) => [name, 3]))],
    ['one long text', { says: randomBytes(900_000).toString('hex') }],
    ['objects of their own', Object.fromEntries(names(2_000).map((name) => [name, { [name]: names(9) }]))],
  ])('fits whatever it is: %s', (_what, evidence) => {
    const packed = packEvidence(evidence);
    expect(packed.length).toBeLessThanOrEqual(MAX_PACKED_BYTES);
    expect(packed.length).toBeGreaterThan(0);
    expect(() => unpackEvidence(packed)).not.toThrow();
  });
});
