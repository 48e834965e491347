import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../shared/mm2/checkpoint.ts';
import { MalformedMirrorRecordError, UnwritableMirrorRecordError } from '../../../shared/mm2/errors.ts';
import { decodeHeartbeat, encodeHeartbeat } from '../../../shared/mm2/heartbeat.ts';
import { decodeOffsetSync, encodeOffsetSync } from '../../../shared/mm2/offset-sync.ts';
import { decodeEach, type RawRecord } from '../../../shared/mm2/record.ts';
import { checkpoints, heartbeats, offsetSyncs } from './arbitraries.ts';

const HEARTBEAT = { sourceClusterAlias: 'A', targetClusterAlias: 'B', timestamp: 1_700_000_000_000 };
const CHECKPOINT = {
  group: 'g1',
  topic: 'A.t',
  partition: 3,
  upstreamOffset: sourceOffset(100),
  downstreamOffset: targetOffset(51),
  metadata: '',
};
const OFFSET_SYNC = {
  topic: 't',
  partition: 3,
  upstreamOffset: sourceOffset(100),
  downstreamOffset: targetOffset(50),
};

function hex({ key, value }: RawRecord): readonly [string | undefined, string | undefined] {
  return [key?.toString('hex'), value?.toString('hex')];
}

function raw(key: string | null, value: string | null): RawRecord {
  return {
    key: key === null ? null : Buffer.from(key, 'hex'),
    value: value === null ? null : Buffer.from(value, 'hex'),
  };
}

describe('the bytes of MirrorMaker 2', () => {
  test('are those of a heartbeat', () => {
    expect(hex(encodeHeartbeat(HEARTBEAT))).toEqual(['000141000142', '00000000018bcfe56800']);
    expect(decodeHeartbeat(raw('000141000142', '00000000018bcfe56800'))).toEqual(HEARTBEAT);
  });

  test('are those of a checkpoint', () => {
    const [key, value] = ['000267310003412e7400000003', '0000000000000000006400000000000000330000'];

    expect(hex(encodeCheckpoint(CHECKPOINT))).toEqual([key, value]);
    expect(decodeCheckpoint(raw(key, value))).toEqual(CHECKPOINT);
  });

  test('are those of an offset sync', () => {
    const [key, value] = ['00017400000003', '00000000000000640000000000000032'];

    expect(hex(encodeOffsetSync(OFFSET_SYNC))).toEqual([key, value]);
    expect(decodeOffsetSync(raw(key, value))).toEqual(OFFSET_SYNC);
  });

  test('lead back to what was encoded, whatever it was', () => {
    const leadsBack = <T>(any: fc.Arbitrary<T>, encode: (each: T) => RawRecord, decode: (record: RawRecord) => T) => {
      fc.assert(
        fc.property(any, (each) => {
          expect(decode(encode(each))).toEqual(each);
        }),
      );
    };
    leadsBack(heartbeats, encodeHeartbeat, decodeHeartbeat);
    leadsBack(checkpoints, encodeCheckpoint, decodeCheckpoint);
    leadsBack(offsetSyncs, encodeOffsetSync, decodeOffsetSync);
  });

  test('count the size of a text in bytes, not in characters', () => {
    const { key } = encodeCheckpoint({ ...CHECKPOINT, group: 'Zürich-東京-🚢' });

    expect(key.readInt16BE(0)).toBe(Buffer.byteLength('Zürich-東京-🚢'));
    expect(key.readInt16BE(0)).toBe(19);
  });

  test('may be followed by others, which are left alone as Java does', () => {
    const { key, value } = encodeCheckpoint(CHECKPOINT);
    const more = Buffer.from([1, 2, 3]);

    expect(decodeCheckpoint({ key: Buffer.concat([key, more]), value: Buffer.concat([value, more]) })).toEqual(
      CHECKPOINT,
    );
  });
});

describe('a record that is none of MirrorMaker 2', () => {
  const good = encodeCheckpoint(CHECKPOINT);
  const goodSync = encodeOffsetSync(OFFSET_SYNC);
  const negative = Buffer.from('ffffffffffffffff', 'hex');

  test.each<[string, () => unknown, Partial<MalformedMirrorRecordError>]>([
    ['a tombstone', () => decodeCheckpoint({ ...good, value: null }), { fault: 'tombstone', place: 'value' }],
    ['no key', () => decodeCheckpoint({ ...good, key: null }), { fault: 'no key', place: 'key' }],
    [
      'a later version',
      () => decodeHeartbeat({ ...encodeHeartbeat(HEARTBEAT), value: Buffer.from([0, 1, 0, 0, 0, 0, 0, 0, 0, 0]) }),
      { fault: 'unknown version', place: 'value.version' },
    ],
    [
      'text',
      () => decodeCheckpoint({ ...good, value: Buffer.from('{"offset":1}') }),
      { fault: 'unknown version', place: 'value.version' },
    ],
    [
      'a value cut short',
      () => decodeCheckpoint({ ...good, value: good.value.subarray(0, 13) }),
      { fault: 'truncated', place: 'value.offset' },
    ],
    [
      'a text longer than what is left',
      () => decodeCheckpoint({ ...good, key: Buffer.from('007f6731', 'hex') }),
      { fault: 'truncated', place: 'key.group' },
    ],
    [
      'a text of negative size',
      () => decodeOffsetSync({ ...goodSync, key: Buffer.from('ffff00000003', 'hex') }),
      { fault: 'out of range', place: 'key.topic' },
    ],
    [
      'text that is not UTF-8',
      () => decodeOffsetSync({ ...goodSync, key: Buffer.from('0001ff00000003', 'hex') }),
      { fault: 'ill-formed text', place: 'key.topic' },
    ],
    [
      'a negative partition',
      () => decodeOffsetSync({ ...goodSync, key: Buffer.from('000174ffffffff', 'hex') }),
      { fault: 'out of range', place: 'key.partition' },
    ],
    [
      'a negative offset',
      () => decodeOffsetSync({ ...goodSync, value: Buffer.concat([negative, negative]) }),
      { fault: 'out of range', place: 'value.upstreamOffset' },
    ],
    [
      'an offset that JavaScript does not hold',
      () => decodeOffsetSync({ ...goodSync, value: Buffer.from('00000000000000000020000000000000', 'hex') }),
      { fault: 'out of range', place: 'value.offset' },
    ],
    [
      'a time that JavaScript does not hold',
      () =>
        decodeHeartbeat({ key: Buffer.from('000141000142', 'hex'), value: Buffer.from('00008000000000000000', 'hex') }),
      { fault: 'out of range', place: 'value.timestamp' },
    ],
  ])('is refused with what is wrong: %s', (_, decode, wrong) => {
    expect(decode).toThrow(MalformedMirrorRecordError);
    expect(decode).toThrow(expect.objectContaining(wrong));
  });

  test('is refused in words', () => {
    expect(() => decodeCheckpoint({ ...good, value: good.value.subarray(0, 13) })).toThrow(
      'Not a MirrorMaker 2 checkpoint record: value.offset ends after 3 of 8 bytes',
    );
  });

  test('never fails in any other way, whatever the bytes', () => {
    const bytes = fc.option(fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each)));
    for (const decode of [decodeHeartbeat, decodeCheckpoint, decodeOffsetSync] as ((record: RawRecord) => unknown)[])
      fc.assert(
        fc.property(bytes, bytes, (key, value) => {
          const foreign: unknown[] = [];
          const decoded = [...decodeEach([{ key, value }], decode, (_record, error) => foreign.push(error))];

          expect(decoded.length + foreign.length).toBe(1);
        }),
      );
  });

  test('is passed over between others', () => {
    const foreign = { key: Buffer.from('orders'), value: Buffer.from('{}'), offset: 7 };
    const skipped: string[] = [];
    const records = [{ ...good, offset: 6 }, foreign, { ...good, offset: 8 }];

    const decoded = [
      ...decodeEach(records, decodeCheckpoint, ({ offset }, { place }) => skipped.push(`${offset}: ${place}`)),
    ];

    expect(decoded).toEqual([CHECKPOINT, CHECKPOINT]);
    expect(skipped).toEqual(['7: value.version']);
  });

  test('does not hide another failure', () => {
    const broken = () => {
      throw new TypeError('broken');
    };

    expect(() => [...decodeEach([good], broken, () => {})]).toThrow(TypeError);
  });
});

test('a text that the formats have no room for is refused before anything is written', () => {
  const group = 'é'.repeat(16_384);

  expect(() => encodeCheckpoint({ ...CHECKPOINT, group })).toThrow(UnwritableMirrorRecordError);
  expect(() => encodeCheckpoint({ ...CHECKPOINT, group })).toThrow(
    'key.group: 32768 bytes of UTF-8, at most 32767 fit',
  );
  expect(decodeCheckpoint(encodeCheckpoint({ ...CHECKPOINT, group: `${group.slice(1)}e` })).group).toHaveLength(16_384);
});
