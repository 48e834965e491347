import { createHash } from 'node:crypto';
import type { Message, Producer } from 'kafkajs';

export interface DemoTopic {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
  /** What the application writes into it, record `i` of the topic. */
  readonly record: (i: number) => Message;
}

/** Orders: keyed JSON with headers (repeated, empty and binary ones among them), in bursts. */
const orders: DemoTopic = {
  name: 'orders',
  partitions: 6,
  config: {},
  record: (i) => ({
    key: `customer-${i % 997}`,
    value: JSON.stringify({ order: i, items: 1 + (i % 7), total: (i * 31) % 10_000, note: noise(i, i % 120) }),
    headers: {
      'content-type': 'application/json',
      trace: Buffer.from(noise(i, 16), 'hex'),
      ...(i % 5 === 0 ? { tag: ['first', 'second'], empty: '' } : {}),
    },
  }),
};

/** Balances: a compacted topic; one record in ten is a tombstone. */
const balances: DemoTopic = {
  name: 'balances',
  partitions: 3,
  config: { 'cleanup.policy': 'compact' },
  record: (i) => ({
    key: `account-${i % 2_003}`,
    value: i % 10 === 9 ? null : JSON.stringify({ account: i % 2_003, balance: i }),
  }),
};

/** Clicks: no keys, values from nothing at all to a few hundred bytes, one of 200 KB now and then. Made while it runs. */
const clicks: DemoTopic = {
  name: 'clicks',
  partitions: 4,
  config: { 'retention.ms': '86400000' },
  record: (i) => ({
    key: null,
    value: i % 4_000 === 3_999 ? Buffer.alloc(200_000, noise(i, 64)) : Buffer.from(noise(i, (i * 13) % 400)),
  }),
};

export const firstTopics: readonly DemoTopic[] = [orders, balances];
export const lateTopic: DemoTopic = clicks;

export interface Burst {
  readonly topic: DemoTopic;
  readonly from: number;
  readonly count: number;
}

/**
 * Produces one burst and waits for the brokers' acknowledgement. Records without a key are spread over the partitions
 * in turn, so that every run of the demo fills every partition.
 */
export async function produce(producer: Producer, { topic, from, count }: Burst): Promise<void> {
  const now = Date.now();
  const messages = Array.from({ length: count }, (_, n) => {
    const message = topic.record(from + n);
    const partition = message.key === null ? { partition: (from + n) % topic.partitions } : {};
    return { ...message, ...partition, timestamp: String(now) };
  });
  await producer.send({ topic: topic.name, messages, acks: -1 });
}

/** Text of `length` hexadecimal digits that does not compress to nothing and is the same in every run. */
function noise(seed: number, length: number): string {
  let text = '';
  for (let part = 0; text.length < length; part++) {
    text += createHash('sha256').update(`${seed}/${part}`).digest('hex');
  }
  return text.slice(0, length);
}
