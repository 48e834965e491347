import fc from 'fast-check';
import type { KafkaRecord, RecordHeader } from '../../../shared/records/record.ts';

/** A record with its key, value and headers as bytes, and the same as Lambda would deliver it. */
export interface SampleRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [string, Buffer | null])[];
  readonly timestamp: number;
  readonly event: KafkaRecord;
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 6 });
const headerName = fc.oneof(
  fc.constantFrom('trace', 'origin-dc', '__proto__', 'Schlüssel', '鍵', '1', ''),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const timestamp = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0, 1, 8_640_000_000_000_000, Number.MAX_SAFE_INTEGER) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }) },
);

const fields = fc.record({
  key: nullable(bytes(40)),
  value: nullable(fc.oneof(bytes(80), bytes(2_000))),
  headers: fc.array(fc.tuple(headerName, nullable(bytes(300))), { maxLength: 5 }),
  timestamp,
  absentWhenNull: fc.boolean(),
  signedBytes: fc.boolean(),
});

/** Records at consecutive offsets from 0. */
export const sampleRecords: fc.Arbitrary<SampleRecord[]> = fc
  .array(fields, { minLength: 1, maxLength: 60 })
  .map((all) =>
    all.map(({ key, value, headers, timestamp: at, absentWhenNull, signedBytes }, offset) => ({
      key,
      value,
      headers,
      timestamp: at,
      event: {
        topic: 'orders',
        partition: 0,
        offset,
        timestamp: at,
        timestampType: 'CREATE_TIME',
        ...(key === null && absentWhenNull ? {} : { key: key === null ? null : key.toString('base64') }),
        ...(value === null && absentWhenNull ? {} : { value: value === null ? null : value.toString('base64') }),
        headers: headers.map(([name, header]) => headerOf(name, header, signedBytes)),
      },
    })),
  );

/** As JSON has it: `__proto__` becomes a key like any other. */
function headerOf(name: string, value: Buffer | null, signed: boolean): RecordHeader {
  const array = value === null ? null : [...(signed ? new Int8Array(value) : value)];
  return JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(array)}}`) as RecordHeader;
}
