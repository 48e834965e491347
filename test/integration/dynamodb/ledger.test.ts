import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, inject, test } from 'vitest';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { readLedger } from '../../../shared/adapters/dynamodb/read-ledger.ts';
import { DynamoDbStatusStore } from '../../../shared/adapters/dynamodb/status-store.ts';
import { decodeTopicItem } from '../../../shared/adapters/dynamodb/topic-item.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { LedgerEntry } from '../../../shared/ledger/entry.ts';
import type { TopicItem } from '../../../shared/ledger/topic-registry.ts';
import { statusOf } from '../../unit/cli/status/scene.ts';
import { connect, createTable, head, newPartition } from './table.ts';

const client = connect(inject('regions').awsEndpoint ?? '');

function itemOf(topic: string, remoteTopic: string, partitions: number, generation: number): TopicItem {
  const ids = { sourceTopicId: 's', targetTopicId: 't', consumerGroup: 'g' };
  return decodeTopicItem({ version: 1, topic, remoteTopic, partitions, generation, state: 'active', ...ids });
}

const range = { from: sourceOffset(4), to: sourceOffset(9), at: 1_700_000_000_000 };
const ENTRIES: readonly LedgerEntry[] = [
  { kind: 'retention-gap', ...range },
  { kind: 'quarantine', ...range, location: 'dynamodb://table/key' },
  { kind: 'source-divergence', ...range },
  {
    ...{ kind: 'target-divergence', ...range, logEnd: targetOffset(2), nextTarget: targetOffset(7) },
    lost: [{ from: sourceOffset(4), length: 5 }],
  },
];

test('every kind of entry is read as it was written, of all partitions and generations', async () => {
  const tableName = await createTable(client);
  const map = new DynamoDbOffsetMap(client, { tableName });
  const first = newPartition();
  const second = { ...first, partition: 2, generation: 2 };
  await map.write(first, 0, { head: head(1), closed: [], ledger: ENTRIES });
  await map.write(second, 0, { head: head(1), closed: [], ledger: ENTRIES.slice(0, 1) });
  const { topic, remoteTopic, flow } = first;

  const gaps = await readLedger(client, tableName, flow, [itemOf(topic, remoteTopic, 3, 2)]);

  const of = (generation: number) => gaps.filter(({ partition }) => partition.generation === generation);
  expect(of(1).map(({ entry }) => entry)).toEqual(expect.arrayContaining([...ENTRIES]));
  expect(of(1).map(({ partition }) => partition)).toEqual(Array(ENTRIES.length).fill(first));
  expect(of(2)).toEqual([{ partition: second, entry: ENTRIES[0] }]);
});

test('an entry that is none of Causeway’s is told by its key', async () => {
  const TableName = await createTable(client);
  const { topic, remoteTopic, flow } = newPartition();
  const key = { pk: `us-east->us-west#${topic}#0#1`, sk: 'LEDGER#00000000000000000004#other' };
  await client.send(new PutItemCommand({ TableName, Item: marshall({ ...key, kind: 'other' }) }));

  const reading = readLedger(client, TableName, flow, [itemOf(topic, remoteTopic, 1, 1)]);

  await expect(reading).rejects.toMatchObject({ code: 'OFFSET_MAP_CORRUPT', message: expect.stringContaining(key.sk) });
});

test('the last status of a flow is read as it was written', async () => {
  const store = new DynamoDbStatusStore(client, await createTable(client), { source: 'us-east', target: 'us-west' });
  expect(await store.read()).toBeUndefined();
  const status = await statusOf({ topics: { orders: { partitions: [{ end: 9, copied: 4 }] } } }, { watches: false });

  await store.write({ readAt: 5, status });

  expect(await store.read()).toEqual({ readAt: 5, status: JSON.parse(JSON.stringify(status)) });
});

test('a status that is larger than an item keeps the rows that hurt most', async () => {
  const store = new DynamoDbStatusStore(client, await createTable(client), { source: 'us-east', target: 'us-west' });
  const status = await statusOf({ topics: { orders: { partitions: [{ end: 9, copied: 4 }] } } }, { watches: false });
  const [row] = status.topics;
  const topics = Array.from({ length: 12_000 }, (_, i) => ({ ...row, topic: `${i} ${crypto.randomUUID()}` }));

  await store.write({ readAt: 5, status: { ...status, topics: topics as typeof status.topics } });

  const kept = (await store.read())?.status.topics ?? [];
  expect(kept.length).toBeGreaterThan(1_000);
  expect(kept.map(({ topic }) => topic)).toEqual(topics.slice(0, kept.length).map(({ topic }) => topic));
});

test('a status of another version is refused with what to do', async () => {
  const TableName = await createTable(client);
  const Item = marshall({ pk: 'us-east->us-west#monitor', sk: 'STATUS', format: 99, readAt: 1 });
  await client.send(new PutItemCommand({ TableName, Item }));

  const store = new DynamoDbStatusStore(client, TableName, { source: 'us-east', target: 'us-west' });

  await expect(store.read()).rejects.toMatchObject({ code: 'STATUS_CORRUPT' });
});
