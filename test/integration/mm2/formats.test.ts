import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../../shared/mm2/checkpoint.ts';
import { decodeConnectOffset, encodeConnectOffset } from '../../../shared/mm2/connect-offset.ts';
import { MalformedMirrorRecordError, MirrorRecordFault } from '../../../shared/mm2/errors.ts';
import { decodeHeartbeat, encodeHeartbeat } from '../../../shared/mm2/heartbeat.ts';
import { decodeOffsetSync, encodeOffsetSync } from '../../../shared/mm2/offset-sync.ts';
import type { EncodedRecord, RawRecord } from '../../../shared/mm2/record.ts';
import { checkpoints, connectOffsets, heartbeats, offsetSyncs } from '../../unit/mm2/arbitraries.ts';
import { mirrorMakerForTests } from './mirror-maker.ts';
import { sample } from './sample.ts';

const RECORDS = 500;

const mirrorMaker = mirrorMakerForTests();

interface Format<T extends object> {
  readonly kind: 'heartbeat' | 'checkpoint' | 'offset sync';
  readonly any: fc.Arbitrary<T>;
  readonly encode: (each: T) => EncodedRecord;
  readonly decode: (record: RawRecord) => T;
  /** What the console formatter of MirrorMaker 2 prints. */
  readonly printed: (each: T) => string;
}

/** Hides the type of the records, so that formats can stand in one list. */
function format<T extends object>({ kind, any, encode, decode, printed }: Format<T>) {
  return {
    kind,
    writesAndReads: async () => {
      const records = sample(any, RECORDS);
      const encoded = records.map((each) => hex(encode(each)));

      const written = await mirrorMaker.ask(
        'write',
        records.map((each) => ({ kind, ...each })),
      );
      const read = await mirrorMaker.ask(
        'read',
        encoded.map((each) => ({ kind, ...each })),
      );

      expect(written).toEqual(encoded);
      expect(read).toEqual(records.map((each) => ({ ...each, printed: printed(each) })));
      expect(records.map((each) => decode(encode(each)))).toEqual(records);
    },
    tellsForeign: async () => {
      const foreign = damaged(sample(any, RECORDS).map(encode));
      const answers = await mirrorMaker.ask(
        'read',
        foreign.map((each) => ({ kind, ...hex(each) })),
      );
      const ours = foreign.map((record) => decodedOrFault(record, decode));

      expect(ours.map((each, i) => allowed(each, answers[i]))).toEqual(answers);
      expect(ours.filter((each) => typeof each === 'string').length).toBeGreaterThan(RECORDS / 2);
      expect(ours.filter((each) => typeof each === 'object').length).toBeGreaterThan(RECORDS / 2);
    },
  };
}

const formats = [
  format({
    kind: 'heartbeat',
    any: heartbeats,
    encode: encodeHeartbeat,
    decode: decodeHeartbeat,
    printed: ({ sourceClusterAlias: source, targetClusterAlias: target, timestamp }) =>
      `Heartbeat{sourceClusterAlias=${source}, targetClusterAlias=${target}, timestamp=${timestamp}}\n`,
  }),
  format({
    kind: 'checkpoint',
    any: checkpoints,
    encode: encodeCheckpoint,
    decode: decodeCheckpoint,
    printed: ({ group, topic, partition, upstreamOffset, downstreamOffset, metadata }) =>
      `Checkpoint{consumerGroupId=${group}, topicPartition=${topic}-${partition}, ` +
      `upstreamOffset=${upstreamOffset}, downstreamOffset=${downstreamOffset}, metadata=${metadata}}\n`,
  }),
  format({
    kind: 'offset sync',
    any: offsetSyncs,
    encode: encodeOffsetSync,
    decode: decodeOffsetSync,
    printed: ({ topic, partition, upstreamOffset, downstreamOffset }) =>
      `OffsetSync{topicPartition=${topic}-${partition}, ` +
      `upstreamOffset=${upstreamOffset}, downstreamOffset=${downstreamOffset}}\n`,
  }),
];

describe.each(formats)('a $kind', ({ writesAndReads, tellsForeign }) => {
  test('is written and read as by MirrorMaker 2, and printed by its console formatter', writesAndReads);
  test('is told from other bytes as by MirrorMaker 2, or more strictly', tellsForeign);
});

describe('a Connect source offset', () => {
  const offsets = sample(connectOffsets, RECORDS);
  const encoded = offsets.map((each) => hex(encodeConnectOffset(each)));

  test('is written as by Kafka Connect, which finds it by the bytes of its key', async () => {
    expect(await mirrorMaker.ask('write Connect offset', offsets)).toEqual(encoded);
  });

  test('of a source partition is read as by MirrorMaker 2', async () => {
    const sources = offsets.filter(({ kind }) => kind === 'source');
    const records = sources.map(encodeConnectOffset);

    expect(await mirrorMaker.ask('read Connect offset', records.map(hex))).toEqual(
      records.map(decodeConnectOffset).map(({ connector, partition, offset }) => ({
        connector,
        ...partition,
        offset: offset ?? -1,
      })),
    );
    expect(sources.length).toBeGreaterThan(RECORDS / 10);
  });
});

function hex({ key, value }: RawRecord) {
  return { key: key?.toString('hex') ?? null, value: value?.toString('hex') ?? null };
}

/** Keys and values cut short, followed by others, changed in a byte, replaced, or left alone. */
function damaged(records: readonly EncodedRecord[]): readonly EncodedRecord[] {
  const damage = fc.oneof(
    fc.nat(40).map((size) => (bytes: Buffer) => bytes.subarray(0, size)),
    fc.uint8Array({ maxLength: 5 }).map((more) => (bytes: Buffer) => Buffer.concat([bytes, more])),
    fc.tuple(fc.nat(50), fc.nat(255)).map(([at, byte]) => (bytes: Buffer) => {
      const changed = Buffer.from(bytes);
      return at < bytes.length ? changed.fill(byte, at, at + 1) : changed;
    }),
    fc.uint8Array({ maxLength: 40 }).map((other) => () => Buffer.from(other)),
    fc.constant((bytes: Buffer) => bytes),
  );
  const cases = sample(fc.tuple(fc.constantFrom(...records), damage, damage), 4 * RECORDS);
  return cases.map(([{ key, value }, ofKey, ofValue]) => ({ key: ofKey(key), value: ofValue(value) }));
}

function decodedOrFault<T extends object>(record: RawRecord, decode: (record: RawRecord) => T): T | MirrorRecordFault {
  try {
    return decode(record);
  } catch (error) {
    if (error instanceof MalformedMirrorRecordError) return error.fault;
    throw error;
  }
}

/** What Java takes and Causeway does not: to Java every version is 0, every number will do, and so does any text. */
const STRICTER: readonly MirrorRecordFault[] = [
  MirrorRecordFault.version,
  MirrorRecordFault.range,
  MirrorRecordFault.text,
];

/** What Java may answer. */
function allowed(ours: object | MirrorRecordFault, java: unknown): unknown {
  if (typeof ours === 'object') return { ...ours, printed: expect.any(String) };
  return STRICTER.includes(ours) ? java : { refused: expect.any(String) };
}
