import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { DynamoDbSourceEnds } from '../../../shared/adapters/dynamodb/source-ends.ts';
import type { SourceEnds } from '../../../shared/loss/source-ends.ts';
import { endsWith, partitionEnds } from '../../unit/loss/ends.ts';
import { connect, createTable } from './table.ts';

const flow = { source: 'us-east', target: 'us-west' };
const client = connect(inject('regions').awsEndpoint ?? '');
let table: string;
let store: DynamoDbSourceEnds;

afterAll(() => client.destroy());

beforeEach(async () => {
  table = await createTable(client);
  store = new DynamoDbSourceEnds(client, table, flow);
});

const ENDS: SourceEnds = endsWith({
  samples: [
    { askedAt: 3_000, answeredAt: 3_040 },
    { askedAt: 2_000, answeredAt: 2_090 },
  ],
  partitions: [
    partitionEnds(
      'orders',
      0,
      [
        [0, 120],
        [1, 100],
      ],
      { committedEnd: 118, peak: { current: 21, previous: 9 } },
    ),
    partitionEnds('orders', 7, [[1, 9_007_199_254_740_991]]),
  ],
  answeredAt: 3_040,
  silence: { since: 4_000, toldAt: 4_500, confirmedAt: 9_000 },
});

describe('what is known of the ends of a source', () => {
  it('is none before it was written, and then what was written', async () => {
    expect(await store.read()).toBeUndefined();

    expect(await store.write({ ends: ENDS, writtenAt: 5_000 })).toBe('written');

    expect(await store.read()).toEqual({ ends: ENDS, writtenAt: 5_000 });
  });

  it('is not replaced by what another environment knew before, nor by what was written at the same time', async () => {
    await store.write({ ends: ENDS, writtenAt: 5_000 });

    const older = { ...ENDS, silence: undefined };
    expect(await store.write({ ends: older, writtenAt: 4_999 })).toBe('outdated');
    expect(await store.write({ ends: older, writtenAt: 5_000 })).toBe('outdated');
    expect((await store.read())?.ends).toEqual(ENDS);

    expect(await store.write({ ends: older, writtenAt: 5_001 })).toBe('written');
    expect((await store.read())?.ends).toEqual(older);
  });

  it.each([
    ['lacks what it needs', { writtenAt: 1 }],
    ['is packed otherwise', { packed: Buffer.from('not deflated') }],
  ])('is corrupt when its item %s', async (_, changes) => {
    const key = { pk: 'us-east->us-west', sk: 'SOURCE_ENDS' };
    const whole = { writtenAt: 1, samples: [], peak: { current: 0, previous: 0 }, peaksSince: 0 };
    const item = 'packed' in changes ? { ...key, ...whole, ...changes } : { ...key, ...changes };
    await client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));

    await expect(store.read()).rejects.toMatchObject({ code: 'SOURCE_ENDS_CORRUPT', retriable: false });
  });
});
