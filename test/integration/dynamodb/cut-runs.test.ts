import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { partitionKey } from '../../../shared/adapters/dynamodb/keys.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { connect, createTable, head, newPartition, run } from './table.ts';

const client = connect(inject('regions').awsEndpoint ?? '');
let table: string;
let map: DynamoDbOffsetMap;
beforeAll(async () => {
  table = await createTable(client);
  map = new DynamoDbOffsetMap(client, { tableName: table });
});
afterAll(() => client.destroy());

/** Three items of runs, two runs each; source s is target s + 1,000. */
async function stored() {
  const partition = newPartition();
  for (let version = 1; version <= 3; version++) {
    const from = version * 100;
    const closed = [run(from, from + 1_000, 10), run(from + 50, from + 1_050, 10)];
    await map.write(partition, version - 1, { head: head(version), closed, ledger: [] });
  }
  return partition;
}

describe('stored runs', () => {
  it('are read from a target offset on, beginning inside a run where it lies in one', async () => {
    const partition = await stored();

    expect(await map.runsFrom(partition, targetOffset(1_255))).toEqual([
      run(255, 1_255, 5),
      run(300, 1_300, 10),
      run(350, 1_350, 10),
    ]);
    expect(await map.runsFrom(partition, targetOffset(1_360))).toEqual([]);
    expect(await map.runsFrom(partition, targetOffset(0))).toHaveLength(6);
    expect(await map.runsFrom(newPartition(), targetOffset(0))).toEqual([]);
  });

  it('are cut and replaced in one write, also where the new ones begin at the offset of old ones', async () => {
    const partition = await stored();
    const closed = [run(200, 1_203, 4), run(210, 1_210, 2)];

    const outcome = await map.write(partition, 3, {
      head: head(4),
      closed,
      ledger: [],
      cutFrom: sourceOffset(200),
    });

    expect(outcome).toBe('written');
    expect(await map.runs(partition)).toEqual([run(100, 1_100, 10), run(150, 1_150, 10), ...closed]);
  });

  it('of two cuts at one offset both are in the ledger', async () => {
    const partition = await stored();
    const cut = { kind: 'source-divergence', from: sourceOffset(200), to: sourceOffset(360) } as const;
    await map.write(partition, 3, { head: head(4), closed: [], ledger: [{ ...cut, at: 1 }] });
    await map.write(partition, 4, { head: head(5), closed: [], ledger: [{ ...cut, at: 2 }] });

    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :ledger)',
        ExpressionAttributeValues: { ':pk': { S: partitionKey(partition) }, ':ledger': { S: 'LEDGER#' } },
      }),
    );
    expect(Items.map((item) => unmarshall(item))).toMatchObject([{ at: 1 }, { at: 2 }]);
  });
});
