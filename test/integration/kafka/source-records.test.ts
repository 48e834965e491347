import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../../../local/region/until.ts';
import { KafkaSourceLog } from '../../../shared/adapters/kafka/source-log.ts';
import { sourceOffset } from '../../../shared/flow/offset.ts';
import { connect, createTopic, uniqueName } from './target.ts';

const { Kafka, logLevel } = kafkajs;
const { bootstrapServers } = inject('regions').clusters[0] ?? { bootstrapServers: '' };
const cluster = connect(bootstrapServers);
const client = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING, retry: { retries: 20 } });
const admin = client.admin();
beforeAll(() => admin.connect());
afterAll(() => Promise.all([admin.disconnect(), cluster.close()]));

/** EndTxn answers before the transaction's marker stands in the log. */
async function untilLogEnd(topic: string, end: number): Promise<void> {
  const reached = async () => (await admin.fetchTopicOffsets(topic)).some(({ high }) => Number(high) >= end);
  await until(reached, 20_000, (last) => new Error(`${topic} did not reach ${end}: ${last}`));
}

/** Offsets 0-1 plain, 2-3 aborted, 4 its marker, 5 committed, 6 its marker, 7 plain. */
async function mixed(): Promise<{ topic: string; holds: (from: number, to: number) => Promise<boolean> }> {
  const topic = await createTopic(cluster);
  const producer = client.producer({ transactionalId: uniqueName('mixed'), maxInFlightRequests: 1, idempotent: true });
  const plain = client.producer();
  await Promise.all([producer.connect(), plain.connect()]);
  const send = async (count: number, end?: 'commit' | 'abort') => {
    const messages = Array.from({ length: count }, (_, i) => ({ value: `${i}` }));
    if (end === undefined) return plain.send({ topic, messages });
    const transaction = await producer.transaction();
    const [sent] = await transaction.send({ topic, messages });
    await transaction[end]();
    await untilLogEnd(topic, Number(sent?.baseOffset) + count + 1);
  };
  await send(2);
  await send(2, 'abort');
  await send(1, 'commit');
  await send(1);
  await Promise.all([producer.disconnect(), plain.disconnect()]);
  const source = new KafkaSourceLog(cluster, { topic, partition: 0 });
  return { topic, holds: (from, to) => source.hasRecords(sourceOffset(from), sourceOffset(to)) };
}

describe('whether consumers would get a record in a range of the source’s log', () => {
  it('is told by what is committed: no marker counts, and nothing of an aborted transaction', async () => {
    const { holds } = await mixed();

    expect(await holds(0, 2)).toBe(true);
    expect(await holds(1, 3)).toBe(true);
    expect(await holds(2, 4)).toBe(false);
    expect(await holds(2, 5)).toBe(false);
    expect(await holds(3, 6)).toBe(true);
    expect(await holds(5, 6)).toBe(true);
    expect(await holds(6, 7)).toBe(false);
    expect(await holds(7, 7)).toBe(false);
  });

  it('does not count what was deleted at the front of the log', async () => {
    const { topic, holds } = await mixed();
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] });

    expect(await holds(0, 6)).toBe(false);
    expect(await holds(0, 8)).toBe(true);
  });
});
