import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbTopicRegistry } from '../../../shared/adapters/dynamodb/topic-registry.ts';
import { DynamoDbVerifiedPlaces } from '../../../shared/adapters/dynamodb/verified-places.ts';
import { type Kept, placeKey, type VerifiedPlace } from '../../../shared/verify/verified-place.ts';
import { connect, createTable, head, newPartition } from './table.ts';

const client = connect(inject('regions').awsEndpoint ?? '');
const flow = { source: 'us-east', target: 'us-west' };
let table: string;
let places: DynamoDbVerifiedPlaces;

afterAll(() => client.destroy());
beforeAll(async () => {
  table = await createTable(client);
  places = new DynamoDbVerifiedPlaces(client, table, flow);
});

const PLACE: VerifiedPlace = {
  lineage: 'S T 0',
  at: { source: 90, target: 80, off: -1, missed: [['aWRlbnRpdHk=', 7]], strays: [['b3RoZXI=', 9_007_199_254_740_991]] },
  seen: { source: 100, target: 91 },
  ...{ orphaned: 2, allOf: 5, until: 1_700_000_000_000 },
};

const KEPT: Kept = { place: PLACE, firstSeen: 1_600_000_000_000 };

describe('where a flow is verified to', () => {
  it('is none before it was written, and then what was written', async () => {
    const partition = newPartition();
    expect((await places.all()).get(placeKey(partition))).toBeUndefined();

    expect(await places.write(partition, 0, KEPT)).toBe('written');

    expect((await places.all()).get(placeKey(partition))).toEqual({ version: 1, ...KEPT });
  });

  it('is not known where nothing could be verified yet, but since when it is so', async () => {
    const partition = newPartition();
    const seen = { place: undefined, firstSeen: KEPT.firstSeen };

    expect(await places.write(partition, 0, seen)).toBe('written');

    expect((await places.all()).get(placeKey(partition))).toEqual({ version: 1, ...seen });
    expect(await places.write(partition, 1, KEPT)).toBe('written');
    expect((await places.all()).get(placeKey(partition))).toEqual({ version: 2, ...KEPT });
  });

  it('is what a version left that kept no such time', async () => {
    const partition = newPartition();
    await places.write(partition, 0, { place: PLACE, firstSeen: undefined });

    expect((await places.all()).get(placeKey(partition))).toEqual({ version: 1, place: PLACE, firstSeen: undefined });
  });

  it('is not put back by who began from the same place', async () => {
    const partition = newPartition();
    await places.write(partition, 0, KEPT);
    const further = { ...PLACE, at: { ...PLACE.at, source: 200 }, allOf: undefined };
    expect(await places.write(partition, 1, { ...KEPT, place: further })).toBe('written');

    for (const expected of [0, 1, 3]) expect(await places.write(partition, expected, KEPT)).toBe('conflict');

    const kept = (await places.all()).get(placeKey(partition));
    expect(kept).toMatchObject({ version: 2, place: { at: { source: 200 } } });
    expect(kept?.place).not.toHaveProperty('allOf');
  });

  it('is begun anew where another version wrote it, in its stead', async () => {
    const partition = newPartition();
    const Item = marshall({ pk: 'us-east->us-west#verify', sk: placeKey(partition), version: 4, format: 99 });
    await client.send(new PutItemCommand({ TableName: table, Item }));

    expect((await places.all()).get(placeKey(partition))).toEqual({
      version: 4,
      place: undefined,
      firstSeen: undefined,
    });
    expect(await places.write(partition, 4, KEPT)).toBe('written');
    expect((await places.all()).get(placeKey(partition))).toEqual({ version: 5, ...KEPT });
  });

  it('is one flow’s, a partition’s and a generation’s, beside what else is in the table', async () => {
    const partition = newPartition();
    const map = new DynamoDbOffsetMap(client, { tableName: table });
    await map.write(partition, 0, { head: head(1), closed: [], ledger: [] });
    for (const each of [partition, { ...partition, generation: 2 }, { ...partition, partition: 1 }])
      await places.write(each, 0, { ...KEPT, place: { ...PLACE, orphaned: each.generation } });

    const all = await places.all();
    expect(all.get(placeKey(partition))?.place?.orphaned).toBe(1);
    expect(all.get(placeKey({ ...partition, generation: 2 }))?.place?.orphaned).toBe(2);
    expect(await map.read(partition)).toEqual(head(1));
    expect((await new DynamoDbTopicRegistry(client, table, flow).list()).topics).toEqual([]);
    const others = new DynamoDbVerifiedPlaces(client, table, { source: 'us-west', target: 'us-east' });
    expect((await others.all()).size).toBe(0);
  });
});
