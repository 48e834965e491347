import { randomBytes } from 'node:crypto';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { partitionKey } from '../../../shared/adapters/dynamodb/keys.ts';
import { DynamoDbQuarantine } from '../../../shared/adapters/dynamodb/quarantine.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
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

function record({ topic, partition }: FlowPartition, valueBytes: number): KafkaRecord {
  return {
    ...{ topic, partition, offset: 7, timestamp: 1_700_000_000_000, key: null },
    value: randomBytes(valueBytes).toString('base64'),
    headers: [{ trace: [1, -2] }, { trace: null }, JSON.parse('{"__proto__":[3]}')],
  };
}

const keyOf = (partition: FlowPartition, sk: string) => ({ pk: `QUARANTINE#${partitionKey(partition)}#7`, sk });
const placeAt = (offset: number) => ({ topic: 'orders.set-aside', partition: 0, offset, at: 1_700_000_000_000 });

describe('The quarantine', () => {
  it.each([0, 100, 285_000, 2_000_000])('gives back a record of %i bytes as Lambda delivered it', async (bytes) => {
    const partition = newPartition();
    const large = record(partition, bytes);
    const location = await quarantine.put(partition, large);
    expect(location).toMatch(new RegExp(`^dynamodb://${table}/.*#7$`));
    const read = await quarantine.read(partition, 7);
    expect(read).toEqual({ kind: 'whole', record: large });
    expect(JSON.stringify(read)).toContain(JSON.stringify(large));
  });

  it('holds a record once, however often it is set aside', async () => {
    const partition = newPartition();
    const large = record(partition, 800_000);
    const locations = [await quarantine.put(partition, large), await quarantine.put(partition, large)];
    expect(new Set(locations).size).toBe(1);
    expect(await quarantine.read(partition, 7)).toEqual({ kind: 'whole', record: large });
  });

  it('knows nothing of an offset, partition or generation that nothing was set aside for', async () => {
    const partition = newPartition();
    await quarantine.put(partition, record(partition, 10));
    const nothing = { kind: 'damaged', because: 'none of its parts is there' };
    expect(await quarantine.read(partition, 8)).toEqual(nothing);
    expect(await quarantine.read({ ...partition, generation: 2 }, 7)).toEqual(nothing);
  });

  it.each(['PART#0000', 'PART#0001', 'PART#0002'])('says that a record is damaged which lacks %s', async (sk) => {
    const partition = newPartition();
    await quarantine.put(partition, record(partition, 800_000));
    await client.send(new DeleteItemCommand({ TableName: table, Key: marshall(keyOf(partition, sk)) }));
    expect(await quarantine.read(partition, 7)).toEqual({ kind: 'damaged', because: '2 of its 3 parts are there' });
  });

  it.each([
    ['no JSON', () => 'secret'],
    ['no record', () => '{"topic":"orders"}'],
    ['another record', (stored: KafkaRecord) => JSON.stringify({ ...stored, offset: 8 })],
  ])('says that what is there is %s', async (_, textOf) => {
    const partition = newPartition();
    const data = Buffer.from(textOf(record(partition, 10)));
    const Item = marshall({ ...keyOf(partition, 'PART#0000'), parts: 1, data });
    await client.send(new PutItemCommand({ TableName: table, Item }));
    const damaged = { kind: 'damaged', because: 'its parts do not make up this record' };
    expect(await quarantine.read(partition, 7)).toEqual(damaged);
  });

  it('keeps beside a record where it was written since, in order, whoever notes it at the same time', async () => {
    const partition = newPartition();
    const large = record(partition, 10);
    await quarantine.put(partition, large);
    expect(await quarantine.repairs(partition, 7)).toEqual([]);

    await quarantine.noteRepair(partition, 7, placeAt(0));
    await Promise.all([1, 2, 3, 4].map((offset) => quarantine.noteRepair(partition, 7, placeAt(offset))));

    const noted = await quarantine.repairs(partition, 7);
    expect(noted[0]).toEqual(placeAt(0));
    expect(noted.map(({ offset }) => offset).toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(await quarantine.read(partition, 7)).toEqual({ kind: 'whole', record: large });
  });

  it('notes a place once, as a write that was repeated without need would have it twice', async () => {
    const partition = newPartition();
    for (const _ of [1, 2]) await quarantine.noteRepair(partition, 7, placeAt(5));
    expect(await quarantine.repairs(partition, 7)).toEqual([placeAt(5)]);
  });
});
