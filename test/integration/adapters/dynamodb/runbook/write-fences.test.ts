import { randomBytes } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { DynamoDbWriteFences } from '../../../../../shared/adapters/dynamodb/runbook/write-fences.ts';
import { flowName } from '../../../../../shared/flow/flow.ts';
import { newFlow, registryTable } from './table.ts';

const { client, tableName } = registryTable();

/** As long as Kafka's names of topics can be, and as hard to pack as they come. */
function longNames(count: number): readonly string[] {
  return Array.from({ length: count }, () => randomBytes(124).toString('hex'));
}

test('what is noted of a cluster is read back, version by version; others do not see it', async () => {
  const [fences, others] = [newFlow(), newFlow()].map((flow) => new DynamoDbWriteFences(client, tableName, flow));
  if (!fences || !others) throw new Error('two flows');
  const first = { version: 1, generation: 7, at: 1_700_000_000_000, topics: longNames(1_000) };

  expect(await fences.read('us-east')).toBeUndefined();
  expect(await fences.write('us-east', 0, first)).toBe('written');
  expect(await fences.write('us-east', 0, first)).toBe('conflict');
  expect(await fences.read('us-east')).toEqual(first);
  expect(await fences.write('us-east', 1, { ...first, version: 2, topics: [] })).toBe('written');
  expect(await fences.read('us-east')).toEqual({ ...first, version: 2, topics: [] });
  expect([await fences.read('us-west'), await others.read('us-east')]).toEqual([undefined, undefined]);
});

test('an item that Causeway did not write stops the run, and is named', async () => {
  const flow = newFlow();
  const Item = { pk: { S: flowName(flow) }, sk: { S: 'FENCE#us-east' }, version: { N: '1' }, topics: { S: 'orders' } };
  await client.send(new PutItemCommand({ TableName: tableName, Item }));

  await expect(new DynamoDbWriteFences(client, tableName, flow).read('us-east')).rejects.toMatchObject({
    code: 'REGISTRY_ENTRY_CORRUPT',
    message: expect.stringContaining('FENCE#us-east'),
  });
});
