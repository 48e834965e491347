import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH_OVERHEAD, BatchEncoder } from '../../../shared/records/batch.ts';
import { type CodecName, codecs } from '../../../shared/records/codec.ts';
import { crc32c } from '../../../shared/records/crc32c.ts';
import { batchHeaders, decodeBatches } from '../../../shared/records/decode.ts';
import { CorruptBatchError, MalformedRecordError } from '../../../shared/records/errors.ts';
import { encodeOriginHeader, originatesFrom, originOf } from '../../../shared/records/headers.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { type SampleRecord, sampleRecords } from './arbitraries.ts';

const producer = { producerId: 9_007_199_254_740_993n, epoch: 32_767 };

function record(fields: Partial<KafkaRecord> = {}): KafkaRecord {
  return { topic: 'orders', partition: 3, offset: 12, timestamp: 1_700_000_000_000, value: 'dmFsdWU=', ...fields };
}

function roundTrip(encoder: BatchEncoder, records: readonly KafkaRecord[], baseSequence = 0) {
  const [batch, ...rest] = [...decodeBatches(Buffer.from(encoder.encode(records, producer, baseSequence)))];
  expect(rest).toEqual([]);
  if (batch === undefined) throw new Error('no batch');
  return batch;
}

function expected(sample: SampleRecord, offset: number) {
  return { offset, timestamp: sample.timestamp, key: sample.key, value: sample.value, headers: sample.headers };
}

describe('BatchEncoder', () => {
  for (const name of Object.keys(codecs) as CodecName[]) {
    it(`keeps every key, value, header, null and timestamp through ${name}`, () => {
      const encoder = new BatchEncoder({ codec: codecs[name] });
      fc.assert(
        fc.property(sampleRecords, fc.integer({ min: 0, max: 0x7fffffff }), (samples, baseSequence) => {
          const records = samples.map((sample) => sample.event);
          const { header, records: decoded } = roundTrip(encoder, records, baseSequence);
          expect(decoded).toEqual(samples.map(expected));
          expect(header).toMatchObject({
            baseOffset: 0,
            lastOffset: samples.length - 1,
            recordCount: samples.length,
            baseSequence,
            producerId: producer.producerId,
            producerEpoch: producer.epoch,
            baseTimestamp: samples[0]?.timestamp,
            maxTimestamp: Math.max(...samples.map((sample) => sample.timestamp)),
            transactional: false,
            control: false,
          });
        }),
        { numRuns: 150 },
      );
    });
  }

  it('tells a bound on the size of each record that is never too small and at most 20 bytes too large', () => {
    const encoder = new BatchEncoder({ codec: codecs.none });
    fc.assert(
      fc.property(sampleRecords, (samples) => {
        const records = samples.map((sample) => sample.event);
        const bound = records.reduce((sum, each) => sum + encoder.sizeOf(each), BATCH_OVERHEAD);
        const actual = encoder.encode(records, producer, 0).length;
        expect(actual).toBeLessThanOrEqual(bound);
        expect(bound - actual).toBeLessThanOrEqual(20 * records.length);
      }),
    );
  });

  it('grows its buffer for a batch of more than a megabyte', () => {
    const value = Buffer.alloc(600_000, 'v').toString('base64');
    const { records } = roundTrip(new BatchEncoder({ codec: codecs.none }), [
      record({ value }),
      record({ value, offset: 13 }),
    ]);
    expect(records.map((each) => each.value?.length)).toEqual([600_000, 600_000]);
  });

  it('finds room for the length in front of a record, whatever the record before it needed', () => {
    const widths = [1, 2, 3, 4];
    const smallest = [0, 64, 8_192, 1_048_576];
    const valueOfWidth = (width: number, more: number) => Buffer.alloc((smallest[width - 1] ?? 0) + more, width);
    const values = widths.flatMap((one) => widths.flatMap((other) => [valueOfWidth(one, 0), valueOfWidth(other, 40)]));
    const around = [63, 64, 8_191, 8_192].flatMap((size) => [size - 8, size - 7, size - 6, size - 5]);
    values.push(...around.map((size) => Buffer.alloc(size, 'v')));
    const sent = values.map((value, i) => record({ value: value.toString('base64'), offset: i }));
    const { records } = roundTrip(new BatchEncoder({ codec: codecs.none }), sent);
    expect(records.map(({ value }) => value?.length)).toEqual(values.map(({ length }) => length));
    expect(records.every(({ value }, i) => value?.equals(values[i] ?? Buffer.alloc(0)))).toBe(true);
  });

  it('grows its buffer in the middle of a record’s headers', () => {
    const bytes = Array.from({ length: 400_000 }, (_, i) => (i % 256) - 128);
    const headers = ['a', 'b', 'c'].map((name) => ({ [name]: bytes }));
    const { records } = roundTrip(new BatchEncoder({ codec: codecs.none }), [record({ headers }), record()]);
    expect(records[0]?.headers).toEqual(['a', 'b', 'c'].map((name) => [name, Buffer.from(bytes)]));
    expect(records[1]?.value?.toString()).toBe('value');
  });

  it('keeps a record whose length turns out too wide for the last bytes of the buffer', () => {
    const origin = encodeOriginHeader('us-east');
    const initialBuffer = 1 << 20;
    const besidesTheHeader = 91;
    for (let spare = -3; spare <= 3; spare++) {
      const bytes = new Array<number>(initialBuffer - besidesTheHeader - spare).fill(7);
      const encoder = new BatchEncoder({ codec: codecs.none, origin });
      const { records } = roundTrip(encoder, [record({ key: null, value: null, headers: [{ a: bytes }] })]);
      expect(records[0]?.headers[0]?.[1]?.equals(Buffer.from(bytes)), `${spare} bytes to spare`).toBe(true);
    }
  });

  it('leaves a batch uncompressed that compression would make larger', () => {
    const encoder = new BatchEncoder({ codec: codecs.lz4 });
    const batch = encoder.encode([record({ value: 'AA==' })], producer, 0);
    expect(batch.readInt16BE(21) & 0b111).toBe(0);
    expect(
      encoder.encode([record({ value: Buffer.alloc(500).toString('base64') })], producer, 0).readInt16BE(21) & 0b111,
    ).toBe(3);
  });

  it.each([
    ['a character that base64 has not', { value: 'AA!A' }, 'value'],
    ['a character beyond ASCII', { key: 'AAé=' }, 'key'],
    ['padding in the middle', { value: 'A===AAAA' }, 'value'],
    ['a length that base64 cannot have', { key: 'AAAAA' }, 'key'],
    ['a line break in a long value', { value: `${'A'.repeat(76)}\n${'A'.repeat(75)}` }, 'value'],
  ])('refuses %s, naming the offset and the field', (_name, fields, field) => {
    const encoder = new BatchEncoder({ codec: codecs.none });
    const encode = () => encoder.encode([record(fields)], producer, 0);
    expect(encode).toThrow(MalformedRecordError);
    expect(encode).toThrow(`orders-3 offset 12: the ${field}`);
  });

  it('refuses a header byte that is none, naming the header', () => {
    const encoder = new BatchEncoder({ codec: codecs.none });
    const encode = (byte: number) => () => encoder.encode([record({ headers: [{ trace: [0, byte] }] })], producer, 0);
    expect(encode(256)).toThrow('header "trace" holds 256');
    expect(encode(-129)).toThrow(MalformedRecordError);
    expect(encode(Number.NaN)).toThrow(MalformedRecordError);
  });

  it('is usable again after a record that it refused', () => {
    const encoder = new BatchEncoder({ codec: codecs.none });
    expect(() => encoder.encode([record(), record({ key: '?' })], producer, 0)).toThrow(MalformedRecordError);
    expect(roundTrip(encoder, [record()]).records[0]?.value?.toString()).toBe('value');
  });
});

describe('the origin-dc header', () => {
  const encoder = new BatchEncoder({ codec: codecs.none, origin: encodeOriginHeader('us-east') });

  it('is added after a record’s own headers', () => {
    const { records } = roundTrip(encoder, [record({ headers: [{ trace: [1] }] }), record({ headers: null })]);
    expect(records[0]?.headers).toEqual([
      ['trace', Buffer.from([1])],
      ['origin-dc', Buffer.from('us-east')],
    ]);
    expect(records[1]?.headers).toEqual([['origin-dc', Buffer.from('us-east')]]);
  });

  it('is left alone where there is one', () => {
    const headers = [{ 'origin-dc': [...Buffer.from('eu')] }];
    expect(roundTrip(encoder, [record({ headers })]).records[0]?.headers).toEqual([['origin-dc', Buffer.from('eu')]]);
  });

  it('counts in the size bound', () => {
    const plain = new BatchEncoder({ codec: codecs.none });
    expect(encoder.sizeOf(record()) - plain.sizeOf(record())).toBe(1 + 9 + 1 + 7);
  });

  it('tells a record that would loop from one that would not', () => {
    const loops = originatesFrom('us-éast');
    const of = (name: string) => record({ headers: [{ 'origin-dc': [...new Int8Array(Buffer.from(name))] }] });
    expect(loops(of('us-éast'))).toBe(true);
    expect(loops(of('us-east'))).toBe(false);
    expect(loops(record())).toBe(false);
    expect(loops(record({ headers: [{ 'origin-dc': null }] }))).toBe(false);
    expect(originOf(of('us-éast'))).toBe('us-éast');
    expect(originOf(record())).toBeUndefined();
  });

  it('is read from the last of several, as Kafka’s lastHeader does', () => {
    const headers = ['a', 'b'].map((name) => ({ 'origin-dc': [...Buffer.from(name)] }));
    expect(originOf(record({ headers }))).toBe('b');
    expect(originatesFrom('b')(record({ headers }))).toBe(true);
    expect(originatesFrom('a')(record({ headers }))).toBe(false);
  });
});

describe('batchHeaders', () => {
  const encoder = new BatchEncoder({ codec: codecs.gzip });
  const batch = Buffer.from(encoder.encode([record(), record({ offset: 13 })], producer, 7));

  it('walks several batches and leaves out one that is cut off', () => {
    const log = Buffer.concat([batch, batch, batch.subarray(0, batch.length - 1)]);
    expect([...batchHeaders(log)].map((header) => [header.baseSequence, header.lastOffset])).toEqual([
      [7, 1],
      [7, 1],
    ]);
  });

  it('reads headers even where the records are damaged, and says so when they are decoded', () => {
    const damaged = Buffer.from(batch);
    damaged[70] = (damaged[70] ?? 0) ^ 0xff;
    expect([...batchHeaders(damaged)]).toHaveLength(1);
    expect(() => [...decodeBatches(damaged)]).toThrow('checksum does not match');
  });

  it('says which batch is broken, whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 13, maxLength: 200 }), (bytes) => {
        try {
          for (const { records } of decodeBatches(Buffer.from(bytes))) expect(records).toBeInstanceOf(Array);
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptBatchError);
        }
      }),
    );
  });

  it('says so of records that do not fit their batch, though its checksum does', () => {
    const broken = Buffer.from(encoder.encode([record({ value: 'AAAA' })], producer, 0));
    broken.writeInt32BE(3, 57);
    broken.writeUInt32BE(crc32c(broken.subarray(21)), 17);
    expect(() => [...decodeBatches(broken)]).toThrow('its records cannot be read');
  });
});
