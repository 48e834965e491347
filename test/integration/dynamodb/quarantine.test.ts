import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DynamoDbQuarantine } from '../../../shared/adapters/dynamodb/quarantine.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { connect, createTable, newPartition } from './table.ts';

const client = connect(inject('regions').awsEndpoint ?? '');
let table: string;
let quarantine: DynamoDbQuarantine;
beforeAll(async () => {
  table = await createTable(client);
  quarantine = new DynamoDbQuarantine(client, table);
});
afterAll(() => client.destroy());

function record(valueBytes: number): KafkaRecord {
  return {
    topic: 'orders',
    partition: 0,
    offset: 7,
    timestamp: 1_700_000_000_000,
    key: null,
    value: randomBytes(valueBytes).toString('base64'),
    headers: [{ trace: [1, -2] }, { trace: null }],
  };
}

describe('The quarantine', () => {
  it.each([0, 100, 285_000, 2_000_000])('gives back a record of %i bytes as Lambda delivered it', async (bytes) => {
    const partition = newPartition();
    const large = record(bytes);
    const location = await quarantine.put(partition, large);
    expect(location).toMatch(new RegExp(`^dynamodb://${table}/.*#7$`));
    expect(await quarantine.get(partition, 7)).toEqual(large);
  });

  it('holds a record once, however often it is set aside', async () => {
    const partition = newPartition();
    const large = record(800_000);
    const locations = [await quarantine.put(partition, large), await quarantine.put(partition, large)];
    expect(new Set(locations).size).toBe(1);
    expect(await quarantine.get(partition, 7)).toEqual(large);
  });

  it('knows nothing of an offset, partition or generation that nothing was set aside for', async () => {
    const partition = newPartition();
    await quarantine.put(partition, record(10));
    expect(await quarantine.get(partition, 8)).toBeUndefined();
    expect(await quarantine.get({ ...partition, generation: 2 }, 7)).toBeUndefined();
  });
});
