import fc from 'fast-check';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import { expect, it } from 'vitest';
import type { Identity } from '../../../../local/applications/ledger.ts';
import { KEY_AND_NUMBER, type RecordForm } from '../../../../local/applications/records.ts';
import { RICH_RECORDS, TRAFFIC, TRAFFIC_KEYS } from '../../../../local/applications/traffic.ts';

const identities = fc.record({
  topic: fc.constantFrom(...TRAFFIC.map(({ name }) => name)),
  key: fc.nat({ max: TRAFFIC_KEYS - 1 }).map(String),
  number: fc.nat({ max: 20_000 }),
});

/** As a consumer of kafkajs gets it: bytes. */
function received(form: RecordForm, identity: Identity): KafkaMessage {
  const message = form.message(identity);
  const bytes = (text: string | Buffer | null | undefined) => (text == null ? null : Buffer.from(text));
  const headers: IHeaders = {};
  for (const [name, each = ''] of Object.entries(message.headers ?? {}))
    headers[name] = Array.isArray(each) ? each.map((one) => Buffer.from(one)) : Buffer.from(each);
  return {
    ...{ key: bytes(message.key), value: bytes(message.value), headers },
    ...{ timestamp: '0', offset: '0', attributes: 0 },
  };
}

it.each([
  ['key and number', KEY_AND_NUMBER],
  ['rich records', RICH_RECORDS],
])('a record is known again by whoever reads it: %s', (_, form) => {
  fc.assert(
    fc.property(identities, (identity) => {
      expect(form.identity(identity.topic, received(form, identity))).toEqual(identity);
    }),
  );
});

it('records of one key go to one partition, for their order', () => {
  fc.assert(
    fc.property(identities, (identity) => {
      const place = ({ key, partition }: ReturnType<RecordForm['message']>) => ({ key, partition });

      expect(place(RICH_RECORDS.message({ ...identity, number: identity.number + 1 }))).toEqual(
        place(RICH_RECORDS.message(identity)),
      );
    }),
  );
});

it('has tombstones, records without keys, headers that are repeated and empty, and large records', () => {
  const of = (topic: string) =>
    Array.from({ length: 8_000 }, (_, turn) =>
      RICH_RECORDS.message({ topic, key: String(turn % TRAFFIC_KEYS), number: Math.floor(turn / TRAFFIC_KEYS) }),
    );

  expect(of('balances').filter(({ value }) => value === null)).toHaveLength(800);
  expect(of('clicks').every(({ key, partition }) => key === null && partition !== undefined)).toBe(true);
  expect(of('clicks').filter(({ value }) => (value?.length ?? 0) === 200_000)).toHaveLength(2);
  expect(of('orders')[5]?.headers).toMatchObject({ tag: ['first', 'second'], empty: '' });
});
