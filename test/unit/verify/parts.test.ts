import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { apart } from '../../../shared/verify/align.ts';
import { faultsOf, seal } from '../../../shared/verify/flow-report.ts';
import { identityOf, type LogRecord } from '../../../shared/verify/log-record.ts';
import { changeBetween, isCopy } from '../../../shared/verify/same-record.ts';
import { Windows } from '../../../shared/verify/windows.ts';

const NO_RULES = { stamp: undefined, leavesOut: undefined };

/** Key `k`, value `v`, no headers, with the key's length in as many bytes as asked. */
function logRecord(lengthBytes: number, timestamp = 5): LogRecord {
  const length = lengthBytes === 1 ? [0x02] : [0x82, 0x00];
  const body = Buffer.from([...length, 0x6b, 0x02, 0x76, 0x00]);
  return { offset: 1, timestamp, appendTime: false, body, at: 0, end: body.length };
}

describe('where two lists agree again', () => {
  const of = (one: string, other: string) =>
    apart(one.length, other.length, (i, j) => one[i] !== undefined && one[i] === other[j]);

  test.each([
    ['abcdefghijkl', 'Xbcdefghijkl', { source: 1, target: 1 }],
    ['abcdefghijkl', 'bcdefghijkl', { source: 1, target: 0 }],
    ['bcdefghijkl', 'abcdefghijkl', { source: 0, target: 1 }],
    ['bacdefghijkl', 'abcdefghijkl', { source: 2, target: 2 }],
    ['abc', 'xyz', { source: 3, target: 3 }],
  ])('%s and %s', (one, other, expected) => {
    expect(of(one, other)).toEqual(expected);
  });

  test('is not where a few agree by chance', () => {
    expect(of('aXYZ0123456789', 'XYZb0123456789')).toEqual({ source: 4, target: 4 });
  });
});

describe('a copy', () => {
  test('is the same record with its lengths in fewer bytes', () => {
    expect(isCopy(logRecord(2), logRecord(1), NO_RULES)).toBe(true);
  });

  test('is another one with another time, unless the broker wrote that', () => {
    expect(isCopy(logRecord(1), logRecord(1, 6), NO_RULES)).toBe(false);
    expect(changeBetween(logRecord(1), logRecord(1, 6), NO_RULES)).toEqual({ part: 'timestamp', byte: undefined });
    expect(isCopy(logRecord(1), { ...logRecord(1, 6), appendTime: true }, NO_RULES)).toBe(true);
  });

  test('is another one with null for an empty value', () => {
    const empty = Buffer.from([0x01, 0x00, 0x00]);
    const nothing = Buffer.from([0x01, 0x01, 0x00]);
    const of = (body: Buffer): LogRecord => ({ ...logRecord(1), body, end: body.length });

    expect(changeBetween(of(empty), of(nothing), NO_RULES)).toEqual({ part: 'value', byte: undefined });
  });
});

test('an identity is of the time as well, also before 1970', () => {
  const all = [5, 6, -1, 2 ** 40].map((timestamp) => identityOf(logRecord(1, timestamp)).toString('hex'));

  expect(new Set(all).size).toBe(4);
  expect(all[0]).toHaveLength(64);
});

describe('windows', () => {
  const identity = (value: number) => identityOf(logRecord(1, value));

  test('tell orders apart', () => {
    const windows = new Windows(1_000);
    for (const value of [1, 2]) windows.add('source', value, identity(value));
    for (const value of [2, 1]) windows.add('target', value, identity(value));
    const [window] = windows.report();

    expect(window?.source.records).toBe(2);
    expect(window?.source.checksum).not.toBe(window?.target.checksum);
  });

  test('go on from what was kept', () => {
    const whole = new Windows(1_000);
    const begun = new Windows(1_000);
    for (let i = 0; i < 50; i++) whole.addToBoth(i * 100, identity(i));
    for (let i = 0; i < 20; i++) begun.addToBoth(i * 100, identity(i));
    const resumed = new Windows(1_000, JSON.parse(JSON.stringify(begun.state)));
    for (let i = 20; i < 50; i++) resumed.addToBoth(i * 100, identity(i));

    expect(resumed.report()).toEqual(whole.report());
    expect(whole.report()).toHaveLength(5);
  });

  test('are bounded: what comes beyond is counted together', () => {
    const windows = new Windows(1);
    for (let i = 0; i < 6_000; i++) windows.addToBoth(i, identity(1));
    const report = windows.report();

    expect(report.length).toBeLessThanOrEqual(5_001);
    expect(report.reduce((sum, each) => sum + each.source.records, 0)).toBe(6_000);
  });
});

describe('a sealed report', () => {
  const report = { flow: 'a->b', verdict: 'complete', ended: '2026-01-01T00:00:00Z', records: { same: 5 } };
  const keys = { ours: generateKeyPairSync('ed25519'), others: generateKeyPairSync('ec', { namedCurve: 'P-256' }) };

  test.each(['ours', 'others'] as const)('is known again as signed (%s)', (who) => {
    const text = JSON.stringify(seal(report, keys[who].privateKey), undefined, 2);

    expect(faultsOf(text, keys[who].publicKey)).toEqual([]);
  });

  test('is known as changed', () => {
    const text = JSON.stringify(seal(report, keys.ours.privateKey)).replace('"same":5', '"same":6');

    expect(faultsOf(text, keys.ours.publicKey)).toEqual([expect.stringContaining('changed after it was written')]);
  });

  test('is known as another’s', () => {
    const text = JSON.stringify(seal(report, keys.others.privateKey));

    expect(faultsOf(text, keys.ours.publicKey)).toEqual(['it was not signed with that key']);
  });

  test('that nobody signed is nobody’s', () => {
    const text = JSON.stringify(seal(report, undefined));

    expect(faultsOf(text, keys.ours.publicKey)).toEqual(['nobody signed it']);
  });

  test('is not any file', () => {
    expect(faultsOf('{}', keys.ours.publicKey)).toEqual(['it is no report of causeway verify']);
    expect(faultsOf('nothing', keys.ours.publicKey)).toEqual(['it is no report of causeway verify']);
  });
});
