import { createHash } from 'node:crypto';
import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import type { Identity } from './ledger.ts';
import type { RecordForm } from './records.ts';

export interface TrafficTopic {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
  /** @param turn counts the records of the topic, roughly: it decides what is in one */
  readonly record: (turn: number, key: string) => Message;
}

/** Orders: keyed JSON with headers, repeated, empty and binary ones among them. */
const orders: TrafficTopic = {
  name: 'orders',
  partitions: 6,
  config: {},
  record: (turn, key) => ({
    key: `customer-${key}`,
    value: JSON.stringify({
      order: turn,
      items: 1 + (turn % 7),
      total: (turn * 31) % 10_000,
      note: noise(turn, turn % 120),
    }),
    headers: {
      'content-type': 'application/json',
      trace: Buffer.from(noise(turn, 16), 'hex'),
      ...(turn % 5 === 0 ? { tag: ['first', 'second'], empty: '' } : {}),
    },
  }),
};

/** Balances: a compacted topic; one record in ten is a tombstone. */
const balances: TrafficTopic = {
  name: 'balances',
  partitions: 3,
  config: { 'cleanup.policy': 'compact' },
  record: (turn, key) => ({
    key: `account-${key}`,
    value: turn % 10 === 9 ? null : JSON.stringify({ account: key, balance: turn }),
  }),
};

const CLICKS_PARTITIONS = 4;

/** Clicks: no keys, values from nothing at all to a few hundred bytes, one of 200 KB now and then. */
const clicks: TrafficTopic = {
  name: 'clicks',
  partitions: CLICKS_PARTITIONS,
  config: { 'retention.ms': '86400000' },
  record: (turn, key) => ({
    key: null,
    partition: Number(key) % CLICKS_PARTITIONS,
    value:
      turn % 4_000 === 3_999 ? Buffer.alloc(200_000, noise(turn, 64)) : Buffer.from(noise(turn, (turn * 13) % 400)),
  }),
};

export const TRAFFIC: readonly TrafficTopic[] = [orders, balances, clicks];
/** Made while applications run. */
export const LATE_TOPIC = clicks;
/** Of each topic. */
export const TRAFFIC_KEYS = 997;

/** By which the ledger knows a record: a tombstone has no value to tell it by, a click no key. */
const IDENTITY_HEADER = 'record';

/** Records as different from each other as users' are. */
export const RICH_RECORDS: RecordForm = {
  message: ({ topic, key, number }: Identity) => {
    const of = TRAFFIC.find(({ name }) => name === topic);
    if (of === undefined) throw new RangeError(`there is no traffic for ${topic}`);
    const record = of.record(number * TRAFFIC_KEYS + Number(key), key);
    const headers: IHeaders = { ...record.headers, [IDENTITY_HEADER]: `${key}/${number}` };
    return { ...record, headers };
  },
  identity: (topic: string, { headers }: KafkaMessage) => {
    const [key = '', number] = String(headers?.[IDENTITY_HEADER] ?? '').split('/');
    return { topic, key, number: Number(number) };
  },
};

/** Text of `length` hexadecimal digits that does not compress to nothing and is the same in every run. */
function noise(seed: number, length: number): string {
  let text = '';
  for (let part = 0; text.length < length; part++) {
    text += createHash('sha256').update(`${seed}/${part}`).digest('hex');
  }
  return text.slice(0, length);
}
