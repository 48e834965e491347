import { Kafka, logLevel } from 'kafkajs';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { type CodecName, codecs } from '../../../shared/records/codec.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { connect, createTopic, inAWord, logOf, recordsIn } from './target.ts';

const { bootstrapServers } = inject('regions').clusters[1] ?? { bootstrapServers: '' };
const cluster = connect(bootstrapServers);
afterAll(() => cluster.close());

const NOW = 1_700_000_000_000;
const base64 = (text: string) => Buffer.from(text).toString('base64');
/** What Lambda delivers, and what a consumer of the copy has to see. */
const samples: {
  event: Partial<KafkaRecord>;
  key: string | null;
  value: string | null;
  headers: [string, string | null][];
}[] = [
  { event: { key: base64('k'), value: base64('plain') }, key: 'k', value: 'plain', headers: [] },
  { event: { key: base64('tombstone'), value: null }, key: 'tombstone', value: null, headers: [] },
  { event: { key: '', value: '' }, key: '', value: '', headers: [] },
  { event: {}, key: null, value: null, headers: [] },
  {
    event: {
      key: base64('ключ'),
      value: base64('x'.repeat(5_000)),
      headers: [{ b: [-61, -87] }, { a: [49] }, { b: [] }, { 'Zusätze 鍵': [50] }, { nothing: null }],
    },
    key: 'ключ',
    value: 'x'.repeat(5_000),
    headers: [
      ['b', 'é'],
      ['a', '1'],
      ['b', ''],
      ['Zusätze 鍵', '2'],
      ['nothing', null],
    ],
  },
];
const records: KafkaRecord[] = samples.map(({ event }, i) => ({
  topic: 'orders',
  partition: 0,
  offset: i,
  timestamp: NOW - i * 1_000,
  ...event,
}));

async function readByKafkaJs(topic: string, count: number) {
  const consumer = new Kafka({
    brokers: bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 20 },
  }).consumer({
    groupId: `reader-${topic}`,
  });
  const seen: { offset: string; timestamp: string; key: string | null; value: string | null; headers: unknown }[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ message: { offset, timestamp, key, value, headers } }) => {
          const text = (bytes: Buffer | null | undefined) => bytes?.toString() ?? null;
          seen.push({ offset, timestamp, key: text(key), value: text(value), headers });
          if (seen.length === count) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return seen;
}

describe('records as another client reads them', () => {
  for (const codec of Object.keys(codecs) as CodecName[]) {
    it(`are the same bytes after ${codec}, which the broker itself unpacks for kafkajs`, async () => {
      const topic = await createTopic(cluster, { configs: { 'compression.type': 'uncompressed' } });
      const log = logOf(cluster, topic, { codec });
      expect(inAWord(await log.append(await log.initProducer(), 0, records))).toBe('appended@0');

      const seen = await readByKafkaJs(topic, records.length);

      expect(seen.map(({ offset, timestamp, key, value }) => ({ offset, timestamp, key, value }))).toEqual(
        samples.map(({ key, value }, i) => ({ offset: String(i), timestamp: String(NOW - i * 1_000), key, value })),
      );
      expect(seen[4]?.headers).toMatchObject({ a: Buffer.from('1'), 'Zusätze 鍵': Buffer.from('2') });
    });

    it(`are read back by our decoder when a broker has packed them with ${codec}`, async () => {
      const packed = codec === 'none' ? 'uncompressed' : codec;
      const topic = await createTopic(cluster, { configs: { 'compression.type': packed } });
      const log = logOf(cluster, topic, { codec: codec === 'none' ? 'gzip' : 'none' });
      await log.append(await log.initProducer(), 0, records);

      const seen = await recordsIn(cluster, topic);

      expect(
        seen.map(({ offset, timestamp, key, value, headers }) => ({
          offset,
          timestamp,
          key: key?.toString() ?? null,
          value: value?.toString() ?? null,
          headers: headers.map(([name, bytes]) => [name, bytes?.toString() ?? null]),
        })),
      ).toEqual(
        samples.map(({ key, value, headers }, i) => ({ offset: i, timestamp: NOW - i * 1_000, key, value, headers })),
      );
    });
  }
});
