import { afterAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { READ_COMMITTED, READ_UNCOMMITTED } from '../../../shared/adapters/kafka/apis.ts';
import { BrokerConnection } from '../../../shared/adapters/kafka/broker-connection.ts';
import { fetch, fetchEach } from '../../../shared/adapters/kafka/fetch-api.ts';
import type { RecordSearch } from '../../../shared/adapters/kafka/first-record.ts';
import { firstRecords } from '../../../shared/adapters/kafka/first-records.ts';
import { readLog } from '../../../shared/adapters/kafka/read-log.ts';
import { connect, createTopic, uniqueName } from './target.ts';
import { TransactionalWriter } from './transactions.ts';

const { bootstrapServers } = inject('regions').clusters[0] ?? { bootstrapServers: '' };
const cluster = connect(bootstrapServers);
afterAll(() => cluster.close());

async function find(searches: readonly RecordSearch[], isolation: 0 | 1 = READ_COMMITTED) {
  const found = await firstRecords(cluster, searches, isolation, AbortSignal.timeout(20_000));
  return searches.map((each) => {
    const of = found.get(each);
    return typeof of === 'object' && 'offset' in of ? of.offset : of;
  });
}

/** Requests of one kind that are sent until the test ends. */
function requests(kind: unknown): () => number {
  const spy = vi.spyOn(BrokerConnection.prototype, 'call');
  onTestFinished(() => spy.mockRestore());
  return () => spy.mock.calls.filter(([versions]) => versions === kind).length;
}

describe('the first record that can be copied', () => {
  it('is no marker, and nothing of an aborted transaction or of one that is open', async () => {
    const topic = await createTopic(cluster);
    await using writer = await TransactionalWriter.open(bootstrapServers, topic);
    const at = (offset: number, end: number) => ({ topic, partition: 0, offset, end });
    expect(await writer.write(2, 'plain')).toBe(0);
    expect(await writer.write(2, 'abort')).toBe(2);
    expect(await writer.write(1, 'commit')).toBe(5);
    expect(await writer.write(3, 'abort')).toBe(7);
    expect(await find([at(0, 11), at(1, 11), at(2, 11), at(3, 5), at(4, 11), at(6, 11), at(6, 7), at(9, 11)])).toEqual([
      ...[0, 1, 5, 'none', 5, 'none', 'none', 'none'],
    ]);

    expect(await writer.write(2, 'open')).toBe(11);

    expect(await find([at(5, 11), at(6, 11), at(11, 13)])).toEqual([5, 'none', 'none']);
    expect(await find([at(6, 13), at(11, 13)], READ_UNCOMMITTED)).toEqual([7, 11]);
  });

  it('is found behind a transaction that was aborted and is larger than one answer, and where its batch is', async () => {
    const topic = await createTopic(cluster);
    await using writer = await TransactionalWriter.open(bootstrapServers, topic);
    await writer.write(30, 'abort', { valueBytes: 100_000, apart: true });
    const committed = await writer.write(1, 'commit', { valueBytes: 500_000 });

    expect(committed).toBe(31);
    const searches = [0, 7, 31, 32].map((offset) => ({ topic, partition: 0, offset, end: 33 }));
    expect(await find(searches)).toEqual([31, 31, 31, 'none']);
  });

  it('is asked for in many partitions by one request to their leader', async () => {
    const topic = await createTopic(cluster, { partitions: 120 });
    await using writer = await TransactionalWriter.open(bootstrapServers, topic);
    for (const partition of [0, 60, 119]) await writer.write(2, 'plain', { partition });
    const [together, alone] = [requests(fetchEach), requests(fetch)];

    const searches = [0, 60, 119].map((partition) => ({ topic, partition, offset: 1, end: 2 }));
    const empty = Array.from({ length: 120 }, (_, partition) => ({ topic, partition, offset: 0, end: 0 }));
    expect(
      await find([...searches, ...empty.filter(({ partition }) => partition % 60 !== 0 && partition !== 119)]),
    ).toEqual([...[1, 1, 1], ...Array.from({ length: 117 }, () => 'none')]);

    expect(alone()).toBe(0);
    expect(together()).toBeLessThanOrEqual(5);
  });

  it('of a topic that is not there is told to be unknown, and keeps no other from being found', async () => {
    const topic = await createTopic(cluster);
    await using writer = await TransactionalWriter.open(bootstrapServers, topic);
    await writer.write(1, 'plain');
    const places = [uniqueName('nobody'), topic].map((each) => ({ topic: each, partition: 0, offset: 0, end: 1 }));

    expect(await find(places)).toEqual([{ code: 'KAFKA_UNKNOWN_TOPIC' }, 0]);
  });

  it('is not waited for behind an open transaction: who reads what is committed is at the log’s end there', async () => {
    const topic = await createTopic(cluster);
    await using writer = await TransactionalWriter.open(bootstrapServers, topic);
    await writer.write(2, 'plain');
    await writer.write(2, 'open');
    const asked = requests(fetch);

    for await (const answer of readLog(cluster, { topic, partition: 0, signal: undefined }, 0, 1 << 20, READ_COMMITTED))
      expect(answer).toMatchObject({ lastStable: 2, highWatermark: 4 });

    expect(asked()).toBe(1);
  });
});
