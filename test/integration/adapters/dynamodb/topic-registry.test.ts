import { randomUUID } from 'node:crypto';
import { DynamoDBClient, PutItemCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { localCredentials } from '../../../../local/region/addresses.ts';
import { DynamoDbTopicRegistry } from '../../../../shared/adapters/dynamodb/topic-registry.ts';
import type { TopicItem } from '../../../../shared/ledger/topic-registry.ts';
import { createTable } from '../../dynamodb/table.ts';

const FLOW = { source: 'us-east', target: 'us-west' };
const ITEM: TopicItem = {
  version: 1,
  topic: 'orders',
  remoteTopic: 'us-east.orders',
  generation: 1,
  sourceTopicId: 's1',
  targetTopicId: 't1',
  partitions: 3,
  state: 'active',
  consumerGroup: 'causeway.us-east.us-west.orders.g1',
  mappingUuid: undefined,
  drainedAfter: undefined,
};

const tableName = `registry-${randomUUID()}`;
let client: DynamoDBClient;

beforeAll(async () => {
  const { awsEndpoint } = inject('regions');
  if (awsEndpoint === undefined) throw new Error('this test needs the AWS part of the regions');
  client = new DynamoDBClient({
    region: 'us-west-2',
    endpoint: awsEndpoint,
    credentials: localCredentials,
  });
  await createTable(client, tableName);
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName: tableName });
});

afterAll(() => client.destroy());

/** A flow of its own for each test. */
function registry(target: string = randomUUID()): DynamoDbTopicRegistry {
  return new DynamoDbTopicRegistry(client, tableName, { ...FLOW, target });
}

test('an item is read back as it was written', async () => {
  const topics = registry();
  const full = { ...ITEM, mappingUuid: 'm1', drainedAfter: 1_700_000_000_000, state: 'draining' } as const;

  expect(await topics.read('orders')).toBeUndefined();
  expect(await topics.write(0, ITEM)).toBe('written');
  expect(await topics.read('orders')).toEqual(ITEM);
  expect(await topics.write(1, { ...full, version: 2 })).toBe('written');
  expect(await topics.read('orders')).toEqual({ ...full, version: 2 });
});

test('of two writers of one version, one wins', async () => {
  const topics = registry();

  const first = await Promise.all([topics.write(0, ITEM), topics.write(0, ITEM)]);
  expect(first.toSorted()).toEqual(['conflict', 'written']);
  const second = await Promise.all([2, 3, 4].map((partitions) => topics.write(1, { ...ITEM, version: 2, partitions })));
  expect(second.toSorted()).toEqual(['conflict', 'conflict', 'written']);
});

test('a flow sees its own topics, all pages of them, and none of another', async () => {
  const [topics, other] = [registry(), registry()];
  const names = Array.from({ length: 60 }, (_, i) => `topic-${String(i).padStart(2, '0')}`);
  // 20 KB each, so that a page of 1 MB does not hold them all.
  const consumerGroup = 'g'.repeat(20_000);
  await Promise.all(names.map((topic) => topics.write(0, { ...ITEM, topic, consumerGroup })));
  await topics.setFlow({ state: 'removed', deployment: 'r2' });

  const listing = await topics.list();

  expect(listing.flow).toEqual({ state: 'removed', deployment: 'r2' });
  expect(listing.topics.map(({ topic }) => topic)).toEqual(names);
  expect(await other.list()).toEqual({ flow: { state: 'deployed', deployment: '' }, hold: undefined, topics: [] });
});

test('an item that is not one of ours is named', async () => {
  const target = randomUUID();
  const Item = { pk: { S: `us-east->${target}` }, sk: { S: 'TOPIC#orders' }, version: { N: '1' } };
  await client.send(new PutItemCommand({ TableName: tableName, Item }));

  await expect(registry(target).list()).rejects.toMatchObject({
    code: 'REGISTRY_CORRUPT',
    message: expect.stringContaining('item TOPIC#orders of the offset map'),
  });
});
