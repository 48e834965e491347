import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConnectOffset, decodeConnectOffset, encodeConnectOffset } from '../../../shared/mm2/connect-offset.ts';
import { MalformedMirrorRecordError } from '../../../shared/mm2/errors.ts';
import { connectOffsets } from './arbitraries.ts';

const AT_41: ConnectOffset = {
  kind: 'source',
  connector: 'MirrorSourceConnector',
  partition: { cluster: 'A', partition: 0, topic: 't' },
  offset: 41,
};

function raw(key: string, value: string | null) {
  return { key: Buffer.from(key), value: value === null ? null : Buffer.from(value) };
}

describe('what Kafka Connect keeps for MirrorMaker 2', () => {
  test('is written with its members in the order of Java, whatever order they come in', () => {
    const { key, value } = encodeConnectOffset({ ...AT_41, partition: { topic: 't', partition: 0, cluster: 'A' } });

    expect(key?.toString()).toBe('["MirrorSourceConnector",{"cluster":"A","partition":0,"topic":"t"}]');
    expect(value?.toString()).toBe('{"offset":41}');
  });

  test('has keys of its own for the connectors of checkpoints and heartbeats', () => {
    const ofGroup = { partition: 3, topic: 't', group: 'g' };
    const ofFlow = { sourceClusterAlias: 'A', targetClusterAlias: 'B' };
    const keys = [
      encodeConnectOffset({ kind: 'checkpoint', connector: 'c', partition: ofGroup, offset: 0 }),
      encodeConnectOffset({ kind: 'heartbeat', connector: 'h', partition: ofFlow, offset: 0 }),
    ].map(({ key }) => key?.toString());

    expect(keys).toEqual([
      '["c",{"partition":3,"topic":"t","group":"g"}]',
      '["h",{"sourceClusterAlias":"A","targetClusterAlias":"B"}]',
    ]);
  });

  test('is read in any order, with any spacing, under any name of the connector', () => {
    const record = raw(
      '[ "A->B.MirrorSourceConnector", {"topic":"t", "partition":0, "cluster":"A"} ]',
      '{ "offset": 41 }',
    );

    expect(decodeConnectOffset(record)).toEqual({ ...AT_41, connector: 'A->B.MirrorSourceConnector' });
  });

  test('leads back to what was encoded, for the three connectors', () => {
    fc.assert(
      fc.property(connectOffsets, (each) => {
        expect(decodeConnectOffset(encodeConnectOffset(each))).toEqual(each);
      }),
    );
  });

  test('may have been forgotten', () => {
    const [key, none] = [encodeConnectOffset(AT_41).key, { ...AT_41, offset: null }];

    expect(encodeConnectOffset(none)).toEqual({ key, value: null });
    expect(decodeConnectOffset({ key, value: null })).toEqual(none);
    for (const value of ['null', '{}', '{"offset":null}'])
      expect(decodeConnectOffset({ key, value: Buffer.from(value) })).toEqual(none);
  });

  test.each([
    ['["jdbc",{"table":"orders"}]', '{"incrementing":7}', 'key is of another connector: ["jdbc",{"table":"orders"}]'],
    ['["x",{"cluster":"A","partition":0,"topic":"t","more":1}]', '{"offset":1}', 'key is of another connector'],
    ['["x",{"cluster":"A","partition":-1,"topic":"t"}]', '{"offset":1}', 'key is of another connector'],
    ['["x",{"cluster":"A","partition":"0","topic":"t"}]', '{"offset":1}', 'key is of another connector'],
    ['["x"]', '{"offset":1}', 'key is no list of a connector and its partition'],
    ['session-key', '{"offset":1}', 'key is not JSON'],
    ['["x",{"cluster":"A","partition":0,"topic":"t"}]', '{"offset":-1}', 'value is {"offset":-1}; expected'],
    ['["x",{"cluster":"A","partition":0,"topic":"t"}]', '{"offset":9007199254740993}', 'value is {"offset":9007'],
    ['["x",{"cluster":"A","partition":0,"topic":"t"}]', '{"offset"', 'value is not JSON'],
  ])('is told apart from %s = %s', (key, value, reason) => {
    expect(() => decodeConnectOffset(raw(key, value))).toThrow(MalformedMirrorRecordError);
    expect(() => decodeConnectOffset(raw(key, value))).toThrow(reason);
  });

  test('has escapes as Java writes them, and is UTF-8', () => {
    const connector = 'é \u001f \\u001f \u{1f6a2}';
    const { key, value } = encodeConnectOffset({ ...AT_41, connector });

    expect(key?.toString()).toContain(String.raw`["é \u001F \\u001f \uD83D\uDEA2",`);
    expect(decodeConnectOffset({ key, value }).connector).toBe(connector);
    expect(() => decodeConnectOffset({ key: Buffer.from([0x22, 0xff, 0x22]), value })).toThrow('key is not UTF-8');
  });

  test('has a key', () => {
    expect(() => decodeConnectOffset({ key: null, value: null })).toThrow('key is null');
  });
});
