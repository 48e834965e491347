import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { partitionKey } from '../../../shared/adapters/dynamodb/keys.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
import { sourceOffset } from '../../../shared/flow/offset.ts';
import type { LedgerEntry } from '../../../shared/ledger/entry.ts';
import { connect, createTable, head, newPartition, run } from './table.ts';

const client = connect(inject('regions').awsEndpoint ?? '');
let table: string;
let map: DynamoDbOffsetMap;
beforeAll(async () => {
  table = await createTable(client);
  map = new DynamoDbOffsetMap(client, { tableName: table });
});
afterAll(() => client.destroy());

const nothing = { closed: [], ledger: [] };
const gap: LedgerEntry = { kind: 'retention-gap', from: sourceOffset(10), to: sourceOffset(17), at: 1_700_000_000_000 };

async function items(partition: FlowPartition, prefix: string) {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': { S: partitionKey(partition) }, ':prefix': { S: prefix } },
    }),
  );
  return Items.map((item) => unmarshall(item));
}

describe('HEAD', () => {
  it('is absent before the first write', async () => {
    expect(await map.read(newPartition())).toBeUndefined();
  });

  it('is read as it was written, in every form it takes', async () => {
    const partition = newPartition();
    const producer = { producerId: 2n ** 63n - 1n, epoch: 32_767 };
    const forms = [
      head(1),
      head(2, { openRun: run(3, 4, 5), grant: { kind: 'closed' }, sparse: true, fresh: true }),
      head(3, {
        grant: { kind: 'intent', ranges: [{ from: sourceOffset(10), length: 2 }] },
        fence: { kind: 'pending' },
      }),
      head(4, { producer, fence: { kind: 'waiting', producer, until: 1_700_000_000_000 } }),
    ];
    for (const form of forms) {
      expect(await map.write(partition, form.version - 1, { head: form, ...nothing })).toBe('written');
      expect(await map.read(partition)).toEqual(form);
    }
  });

  it('holds an intent of 5,000 ranges in one item', async () => {
    const partition = newPartition();
    const ranges = Array.from({ length: 5_000 }, (_, i) => ({ from: sourceOffset(10 ** 15 + i * 1_000), length: 7 }));
    const wide = head(1, { grant: { kind: 'intent', ranges } });
    expect(await map.write(partition, 0, { head: wide, ...nothing })).toBe('written');
    expect(await map.read(partition)).toEqual(wide);
  });

  it('is begun by one of many who try at once', async () => {
    const partition = newPartition();
    const tries = Array.from({ length: 10 }, (_, i) =>
      map.write(partition, 0, { head: head(1, { nextSequence: i }), ...nothing }),
    );
    const outcomes = await Promise.all(tries);
    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
    expect((await map.read(partition))?.nextSequence).toBe(outcomes.indexOf('written'));
  });

  it('is left as it is by a write that expects another version', async () => {
    const partition = newPartition();
    await map.write(partition, 0, { head: head(1), ...nothing });
    await map.write(partition, 1, { head: head(2, { nextSequence: 20 }), ...nothing });
    for (const expected of [0, 1, 3]) {
      const late = { head: head(expected + 1, { nextSequence: 99 }), ...nothing };
      expect(await map.write(partition, expected, late)).toBe('conflict');
    }
    expect(await map.read(partition)).toEqual(head(2, { nextSequence: 20 }));
  });

  it('belongs to one partition and one generation', async () => {
    const partition = newPartition();
    await map.write(partition, 0, { head: head(1), ...nothing });
    expect(await map.read({ ...partition, generation: 2 })).toBeUndefined();
    expect(await map.read({ ...partition, partition: 1 })).toBeUndefined();
  });
});

describe('HEAD with runs and ledger entries', () => {
  it('is written together with them', async () => {
    const partition = newPartition();
    const runs = [run(0, 0, 10), run(17, 10, 3)];
    const written = await map.write(partition, 0, {
      head: head(1, { openRun: run(30, 14, 2) }),
      closed: runs,
      ledger: [gap],
    });
    expect(written).toBe('written');
    expect(await map.runs(partition)).toEqual([...runs, run(30, 14, 2)]);
    expect(await items(partition, 'LEDGER#')).toMatchObject([{ kind: 'retention-gap', from: 10, to: 17 }]);
  });

  it('is refused together with them', async () => {
    const partition = newPartition();
    await map.write(partition, 0, { head: head(1), ...nothing });
    const late = { head: head(1), closed: [run(0, 0, 10)], ledger: [gap] };
    expect(await map.write(partition, 0, late)).toBe('conflict');
    expect(await items(partition, 'RUN#')).toEqual([]);
    expect(await items(partition, 'LEDGER#')).toEqual([]);
  });

  it('gives runs in order of their offsets, though written over many times', async () => {
    const partition = newPartition();
    const runs = Array.from({ length: 25 }, (_, i) => run(i * 10, i * 6, 5));
    for (const [i, each] of runs.entries()) {
      await map.write(partition, i, { head: head(i + 1), closed: [each], ledger: [] });
    }
    expect(await map.runs(partition)).toEqual(runs);
  });

  it('gives all runs that reach beyond a place on either side, and few of those below', async () => {
    const partition = newPartition();
    // In items of two, of which the target is ever further behind the source.
    const runs = Array.from({ length: 20 }, (_, i) => run(i * 10, i * 6, 5));
    for (let i = 0; i < 20; i += 2)
      await map.write(partition, i / 2, { head: head(i / 2 + 1), closed: runs.slice(i, i + 2), ledger: [] });

    for (const source of [0, 3, 7, 95, 100, 199, 500])
      for (const target of [0, 20, 57, 119, 500]) {
        const found = await Array.fromAsync(map.closedRuns(partition, { source, target }));
        const needed = runs.filter((each) => each.source + 5 > source || each.target + 5 > target);
        expect(found.slice(found.length - needed.length)).toEqual(needed);
        expect(found.length - needed.length).toBeLessThanOrEqual(3);
      }
    expect(await Array.fromAsync(map.closedRuns(newPartition(), { source: 5, target: 5 }))).toEqual([]);
  });

  it('keeps runs for the time that was asked for, or for ever', async () => {
    const partition = newPartition();
    const forgetful = new DynamoDbOffsetMap(client, { tableName: table, runTtlSeconds: 3_600 });
    const before = Math.floor(Date.now() / 1_000);
    await forgetful.write(partition, 0, { head: head(1), closed: [run(0, 0, 5)], ledger: [] });
    await map.write(partition, 1, { head: head(2), closed: [run(7, 6, 5)], ledger: [] });
    const [first, second] = await items(partition, 'RUN#');
    expect(first?.expiresAt).toBeGreaterThanOrEqual(before + 3_600);
    expect(first?.expiresAt).toBeLessThan(before + 3_660);
    expect(second).not.toHaveProperty('expiresAt');
  });
});

describe('A map that is cut back', () => {
  const stored = [[run(0, 0, 5), run(6, 5, 4)], [run(20, 10, 10), run(40, 20, 5)], [run(50, 26, 5)]];
  const cut = async (at: number): Promise<{ partition: FlowPartition; runs: unknown }> => {
    const partition = newPartition();
    for (const [i, closed] of stored.entries()) {
      await map.write(partition, i, { head: head(i + 1), closed, ledger: [] });
    }
    const cutFrom = sourceOffset(at);
    expect(await map.write(partition, 3, { head: head(4), ...nothing, cutFrom })).toBe('written');
    return { partition, runs: await map.runs(partition) };
  };

  it.each([
    ['inside a run', 25, [run(0, 0, 5), run(6, 5, 4), run(20, 10, 5)]],
    ['where an item begins', 20, [run(0, 0, 5), run(6, 5, 4)]],
    ['where a later run of an item begins', 40, [run(0, 0, 5), run(6, 5, 4), run(20, 10, 10)]],
    ['in a hole', 35, [run(0, 0, 5), run(6, 5, 4), run(20, 10, 10)]],
    ['at the first run', 0, []],
    ['past the last run', 60, stored.flat()],
  ])('%s keeps exactly what lies below', async (_where, at, kept) => {
    expect((await cut(at)).runs).toEqual(kept);
  });

  it('is not cut when HEAD is another than expected', async () => {
    const { partition } = await cut(60);
    const late = { head: head(4), ...nothing, cutFrom: sourceOffset(0) };
    expect(await map.write(partition, 3, late)).toBe('conflict');
    expect(await map.runs(partition)).toEqual(stored.flat());
  });
});

describe('An item that Causeway did not write', () => {
  const spoil = async (
    sk: string,
    change: Readonly<Record<string, { S: string } | { B: Uint8Array } | { N: string }>>,
  ) => {
    const partition = newPartition();
    await map.write(partition, 0, { head: head(1), closed: [run(0, 0, 5)], ledger: [] });
    const Key = { pk: { S: partitionKey(partition) }, sk: { S: sk } };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key }));
    await client.send(new PutItemCommand({ TableName: table, Item: { ...Item, ...Key, ...change } }));
    return partition;
  };

  it.each([
    ['a producer that is text', { producer: { S: '{}' } }],
    ['an offset that is text', { nextSource: { S: 'ten' } }],
    ['a broken offset', { nextSource: { N: '10.5' } }],
    ['a sequence past 2^31 - 1', { nextSequence: { N: '2147483648' } }],
    ['a grant of another version', { grant: { S: 'half-open' } }],
  ])('is refused as HEAD: %s', async (_what, change) => {
    const partition = await spoil('HEAD', change);
    await expect(map.read(partition)).rejects.toMatchObject({ code: 'OFFSET_MAP_CORRUPT', retriable: false });
  });

  it('is refused among the runs, and named', async () => {
    const key = 'RUN#00000000000000000000';
    const partition = await spoil(key, { runs: { B: Uint8Array.of(0, 0) } });
    const failure = { code: 'OFFSET_MAP_CORRUPT', message: expect.stringContaining(key) };
    await expect(map.runs(partition)).rejects.toMatchObject(failure);
  });
});
