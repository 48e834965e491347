import {
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { partitionKey, runKey } from '../../../shared/adapters/dynamodb/keys.ts';
import { DynamoDbMapReader } from '../../../shared/adapters/dynamodb/read-map/reader.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { TranslationRequest } from '../../../shared/groups/ports.ts';
import type { Head, Run } from '../../../shared/offsets/head.ts';
import { connect, createTable, head, newPartition, run } from './table.ts';

const endpoint = inject('regions').awsEndpoint ?? '';
const client = connect(endpoint);
let tableName: string;
let map: DynamoDbOffsetMap;
beforeAll(async () => {
  tableName = await createTable(client);
  map = new DynamoDbOffsetMap(client, { tableName });
});
afterAll(() => client.destroy());

function asking(
  partition: FlowPartition,
  toTarget: readonly number[],
  toSource: readonly number[] = [],
): TranslationRequest {
  return { partition, toTarget: toTarget.map(sourceOffset), toSource: toSource.map(targetOffset) };
}

/** Writes HEAD as the next version, with what it closes. */
async function store(partition: FlowPartition, changes: Partial<Head>, closed: readonly Run[] = [], cutFrom?: number) {
  const version = (await map.read(partition))?.version ?? 0;
  const cut = cutFrom === undefined ? {} : { cutFrom: sourceOffset(cutFrom) };
  const written = await map.write(partition, version, { head: head(version + 1, changes), closed, ledger: [], ...cut });
  expect(written).toBe('written');
}

/** 0-99 at 0-99, 110-199 at 100-189, 210-299 at 191-280, and 300-399 open at 282; the map ends at 400 and 382. */
async function partitionWithHoles(): Promise<FlowPartition> {
  const partition = newPartition();
  await store(partition, {});
  await store(partition, {}, [run(0, 0, 100), run(110, 100, 90)]);
  const openRun = run(300, 282, 100);
  const frontier = { nextSource: sourceOffset(400), nextTarget: targetOffset(382) };
  await store(partition, { openRun, ...frontier }, [run(210, 191, 90)]);
  return partition;
}

const exact = (offset: number) => ({ kind: 'exact', offset });

describe('the offset map of many partitions', () => {
  it('is read a hundred HEADs a request', async () => {
    const partitions = Array.from({ length: 110 }, newPartition);
    await Promise.all(
      partitions.slice(0, 105).map((partition, i) => {
        const frontier = { nextSource: sourceOffset(i + 10), nextTarget: targetOffset(i + 5) };
        return store(partition, { ...frontier, openRun: run(5, 0, i + 5) });
      }),
    );

    const view = await new DynamoDbMapReader(client, { tableName }).read(
      partitions.map((each) => asking(each, [7, 400])),
    );

    expect(view.requests).toEqual({ batchGetItem: 2, query: 0 });
    for (const [i, { topic }] of partitions.entries()) {
      const [inside, beyond] = [7, 400].map((offset) => view.toTarget(topic, 0, sourceOffset(offset)));
      if (i >= 105) {
        expect([inside, beyond, view.topicIds(topic, 0)]).toEqual([
          { kind: 'unmapped' },
          { kind: 'unmapped' },
          undefined,
        ]);
        continue;
      }
      expect(inside).toEqual(exact(2));
      expect(beyond).toEqual({ kind: 'clamped', offset: i + 5, beyond: 400 - (i + 10) });
      expect(view.topicIds(topic, 0)).toEqual({ source: 'A'.repeat(22), target: 'B'.repeat(22) });
    }
  });

  it('is asked again for what DynamoDB leaves unprocessed, and tells what stays so', async () => {
    const partitions = Array.from({ length: 30 }, newPartition);
    await Promise.all(partitions.map((each) => store(each, {})));
    const throttled = connect(endpoint);
    let taken = 10;
    leaveUnprocessed(throttled, () => taken);

    const reader = new DynamoDbMapReader(throttled, { tableName, patienceMs: 1_000 });
    const requests = partitions.map((each) => asking(each, [10]));
    const view = await reader.read(requests);
    expect(view.requests.batchGetItem).toBe(3);
    for (const { topic } of partitions) {
      expect(view.toTarget(topic, 0, sourceOffset(10))).toEqual({ kind: 'clamped', offset: 10, beyond: 0 });
    }

    taken = 0;
    const starved = await reader.read(requests);
    for (const { topic } of partitions) {
      const unreadable = { kind: 'unreadable', code: 'OFFSET_MAP_THROTTLED' };
      expect(starved.toTarget(topic, 0, sourceOffset(10))).toEqual(unreadable);
    }
    throttled.destroy();
  });

  it('fails as a whole when there is no table', async () => {
    const reader = new DynamoDbMapReader(client, { tableName: 'NoSuchTable' });
    await expect(reader.read([asking(newPartition(), [1])])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('closed runs', () => {
  it('translate both ways, each partition by one query, and none the second time', async () => {
    const partition = await partitionWithHoles();
    const reader = new DynamoDbMapReader(client, { tableName });
    const request = asking(
      partition,
      [0, 99, 100, 110, 205, 210, 299, 300, 400],
      [0, 100, 189, 190, 191, 281, 282, 382],
    );

    for (const requests of [
      { batchGetItem: 2, query: 1 },
      { batchGetItem: 1, query: 0 },
    ]) {
      const view = await reader.read([request]);
      expect(view.requests).toEqual(requests);
      const there = [...request.toTarget].map((each) => view.toTarget(partition.topic, 0, each));
      expect(there).toEqual([
        ...[0, 99, 100, 100, 191, 191, 280, 282].map(exact),
        { kind: 'clamped', offset: 382, beyond: 0 },
      ]);
      const back = [...request.toSource].map((each) => view.toSource(partition.topic, 0, each));
      expect(back).toEqual([
        ...[0, 110, 199, 210, 210, 300, 300].map(exact),
        { kind: 'clamped', offset: 400, beyond: 0 },
      ]);
    }
  });

  it('are forgotten when the map was cut', async () => {
    const partition = await partitionWithHoles();
    const reader = new DynamoDbMapReader(client, { tableName });
    const request = asking(partition, [150, 250]);
    await reader.read([request]);

    const frontier = { nextSource: sourceOffset(200), nextTarget: targetOffset(382) };
    await store(partition, { ...frontier, sourceLeaderEpoch: 4 }, [], 200);
    const grown = { nextSource: sourceOffset(450), nextTarget: targetOffset(632), openRun: run(200, 382, 250) };
    await store(partition, { ...grown, sourceLeaderEpoch: 4 });

    const view = await reader.read([request]);
    expect(view.toTarget(partition.topic, 0, sourceOffset(250))).toEqual(exact(432));
    expect(view.toTarget(partition.topic, 0, sourceOffset(150))).toEqual(exact(140));
  });

  it('are read again with HEAD when the map was cut between the two', async () => {
    const partition = await partitionWithHoles();
    const cutting = connect(endpoint);
    let cuts = 0;
    beforeQueries(cutting, async () => {
      if (cuts++ > 0) return;
      const frontier = { nextSource: sourceOffset(205), nextTarget: targetOffset(382) };
      await store(partition, { ...frontier, sourceLeaderEpoch: 4 }, [], 205);
    });

    const view = await new DynamoDbMapReader(cutting, { tableName }).read([asking(partition, [150, 250])]);

    expect(cuts).toBe(2);
    expect(view.toTarget(partition.topic, 0, sourceOffset(250))).toEqual({ kind: 'clamped', offset: 382, beyond: 45 });
    expect(view.toTarget(partition.topic, 0, sourceOffset(150))).toEqual(exact(140));
    cutting.destroy();
  });

  it('whose time is over are not used, whether DynamoDB has deleted them or not', async () => {
    const partition = await partitionWithHoles();
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { pk: { S: partitionKey(partition) }, sk: { S: runKey(0) } },
        UpdateExpression: 'SET expiresAt = :past',
        ExpressionAttributeValues: { ':past': { N: '1700000000' } },
      }),
    );
    const view = await new DynamoDbMapReader(client, { tableName }).read([
      asking(partition, [50, 205, 210], [50, 191]),
    ]);
    const tooOld = { kind: 'too-old', nearest: { source: 210, target: 191 } };
    expect(view.toTarget(partition.topic, 0, sourceOffset(50))).toEqual(tooOld);
    expect(view.toTarget(partition.topic, 0, sourceOffset(205))).toEqual(tooOld);
    expect(view.toTarget(partition.topic, 0, sourceOffset(210))).toEqual(exact(191));
    expect(view.toSource(partition.topic, 0, targetOffset(50))).toEqual(tooOld);
    expect(view.toSource(partition.topic, 0, targetOffset(191))).toEqual(exact(210));
  });

  it('that would take too long are left for the next reading', async () => {
    const partitions = [await partitionWithHoles(), await partitionWithHoles()];
    const slow = connect(endpoint);
    const reader = new DynamoDbMapReader(slow, { tableName, closedRunsMs: 3_000 });
    let queries = 0;
    beforeQueries(slow, async () => {
      if (++queries === 2) await new Promise((resolve) => setTimeout(resolve, 3_500));
    });
    const request = partitions.map((each) => asking(each, [250, 350]));
    const told = async () => {
      const view = await reader.read(request);
      return partitions.map(({ topic }) => [250, 350].map((each) => view.toTarget(topic, 0, sourceOffset(each))));
    };
    const unreadable = { kind: 'unreadable', code: 'OFFSET_MAP_OUT_OF_TIME' };

    const both = [231, 332].map(exact);
    expect(await told()).toEqual([both, [unreadable, unreadable]]);
    expect(await told()).toEqual([both, both]);
    expect(queries).toBe(3);
    slow.destroy();
  });

  it('that Causeway did not write keep no other partition from being read', async () => {
    const [spoiled, sound] = [await partitionWithHoles(), await partitionWithHoles()];
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { pk: { S: partitionKey(spoiled) }, sk: { S: runKey(210) } },
        UpdateExpression: 'SET runs = :nonsense',
        ExpressionAttributeValues: { ':nonsense': { B: Uint8Array.of(0, 0) } },
      }),
    );
    const requests = [spoiled, sound].map((each) => asking(each, [250]));
    const view = await new DynamoDbMapReader(client, { tableName }).read(requests);
    const unreadable = { kind: 'unreadable', code: 'OFFSET_MAP_CORRUPT' };
    expect(view.toTarget(spoiled.topic, 0, sourceOffset(250))).toEqual(unreadable);
    expect(view.toTarget(sound.topic, 0, sourceOffset(250))).toEqual(exact(231));
  });
});

/** As DynamoDB does under load: takes the first `taken()` keys of a batch and hands the others back. */
function leaveUnprocessed(throttled: DynamoDBClient, taken: () => number): void {
  throttled.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'BatchGetItemCommand') return next(args);
        const input: BatchGetItemCommandInput = args.input as BatchGetItemCommandInput;
        const [table, asked] = Object.entries(input.RequestItems ?? {})[0] ?? [];
        if (table === undefined || asked === undefined) throw new Error('an empty batch');
        const [now, later] = [asked.Keys?.slice(0, taken()) ?? [], asked.Keys?.slice(taken()) ?? []];
        const UnprocessedKeys = later.length > 0 ? { [table]: { ...asked, Keys: later } } : {};
        if (now.length === 0) return { output: { Responses: {}, UnprocessedKeys, $metadata: {} }, response: {} };
        const answer = await next({ ...args, input: { ...input, RequestItems: { [table]: { ...asked, Keys: now } } } });
        const output: BatchGetItemCommandOutput = { ...answer.output, UnprocessedKeys } as BatchGetItemCommandOutput;
        return { ...answer, output };
      },
    { step: 'initialize' },
  );
}

function beforeQueries(client: DynamoDBClient, act: () => Promise<void>): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'QueryCommand') await act();
        return next(args);
      },
    { step: 'initialize' },
  );
}
