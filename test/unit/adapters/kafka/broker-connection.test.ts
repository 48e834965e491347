import { describe, expect, it } from 'vitest';
import { apis } from '../../../../shared/adapters/kafka/apis.ts';
import { addressOf, parseBroker } from '../../../../shared/adapters/kafka/broker-connection.ts';
import { fetch } from '../../../../shared/adapters/kafka/fetch-api.ts';
import { topicIdOf } from '../../../../shared/adapters/kafka/metadata.ts';
import { produce } from '../../../../shared/adapters/kafka/produce-api.ts';

describe('broker addresses', () => {
  it.each([
    ['b-1.example.com:9098', { host: 'b-1.example.com', port: 9098 }],
    ['[::1]:9092', { host: '::1', port: 9092 }],
  ])('reads and writes %s', (text, broker) => {
    expect(parseBroker(text)).toEqual(broker);
    expect(addressOf(broker)).toBe(text);
  });

  it.each(['b-1', ':9092', 'b-1:', 'b-1:0', 'b-1:70000', ''])('refuses %j', (text) => {
    expect(() => parseBroker(text)).toThrow('is not host:port');
  });
});

describe('the versions of protocol calls', () => {
  /** Lowest and highest version that both Kafka 2.8.0 and 4.1.0 offer, by API key (their message definitions). */
  const offeredByAll: Readonly<Record<number, readonly [number, number]>> = {
    0: [3, 9],
    1: [4, 12],
    2: [1, 6],
    3: [0, 11],
    8: [2, 8],
    9: [1, 7],
    10: [0, 3],
    16: [0, 4],
    19: [2, 7],
    20: [1, 6],
    22: [0, 4],
    23: [2, 4],
    24: [0, 3],
    26: [0, 3],
    29: [1, 2],
    30: [1, 2],
    31: [1, 2],
    32: [1, 4],
    37: [0, 3],
    44: [0, 1],
    61: [0, 0],
  };

  it('include one that every supported broker offers', () => {
    for (const versions of [...Object.values(apis), produce, fetch]) {
      const [lowest, highest] = offeredByAll[versions[0].key] ?? [0, -1];
      const usable = versions.filter(({ version }) => lowest <= version && version <= highest);
      expect(usable, `API ${versions[0].key}`).not.toEqual([]);
    }
  });

  it('never reach those in which the coordinator chooses the epoch', () => {
    expect(Math.max(...apis.addPartitionsToTxn.map(({ version }) => version))).toBeLessThanOrEqual(3);
    expect(Math.max(...apis.endTxn.map(({ version }) => version))).toBeLessThan(5);
    expect(Math.max(...apis.initProducerId.map(({ version }) => version))).toBeLessThanOrEqual(4);
  });
});

describe('topicIdOf', () => {
  it('is what Kafka’s own tools print', () => {
    expect(topicIdOf('11111111-2222-3333-4444-555555555555')).toBe('ERERESIiMzNERFVVVVVVVQ');
  });
});
