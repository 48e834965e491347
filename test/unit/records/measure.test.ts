import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, sampleTimestamps } from '../../../shared/records/measure.ts';

test('bytes are those of keys and values as Kafka has them', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ key: bytes(), value: bytes() })), (records) => {
      const asEvent = records.map(({ key, value }) => ({ key: base64(key), value: base64(value) }));
      const size = records.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0);
      expect(bytesOf(asEvent)).toBe(size);
    }),
  );
});

test('a sample has the oldest record and as many others as there is room for, from all over the delivery', () => {
  const timestamps = fc.array(fc.integer({ min: -1, max: 100_000 }), { maxLength: 500 });
  fc.assert(
    fc.property(timestamps, fc.integer({ min: 1, max: 99 }), (all, most) => {
      const told = all.filter((timestamp) => timestamp >= 0);
      const sample = sampleTimestamps(
        all.map((timestamp) => ({ timestamp })),
        most,
      );
      expect(sample).toHaveLength(Math.min(told.length, most));
      if (told.length > 0) expect(Math.min(...sample)).toBe(Math.min(...told));
      expect(sample.filter((each) => !told.includes(each))).toEqual([]);
    }),
  );
});

test('a sample of a steady stream has the percentiles of the whole', () => {
  const records = Array.from({ length: 10_000 }, (_, timestamp) => ({ timestamp }));
  const sample = sampleTimestamps(records, 99).toSorted((one, other) => one - other);

  expect(sample[49]).toBeGreaterThan(4_800);
  expect(sample[49]).toBeLessThan(5_200);
  expect(sample[98]).toBeGreaterThan(9_800);
});

const bytes = () => fc.option(fc.uint8Array({ maxLength: 40 }));
const base64 = (value: Uint8Array | null) => (value === null ? null : Buffer.from(value).toString('base64'));
