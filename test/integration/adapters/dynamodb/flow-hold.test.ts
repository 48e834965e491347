import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { DynamoDbFlowHold } from '../../../../shared/adapters/dynamodb/flow-hold.ts';
import { DynamoDbOffsetMap } from '../../../../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbTopicRegistry } from '../../../../shared/adapters/dynamodb/topic-registry.ts';
import type { FlowId, FlowPartition } from '../../../../shared/flow/flow.ts';
import type { Hold } from '../../../../shared/ledger/hold.ts';
import { connect, createTable, head } from '../../dynamodb/table.ts';

const client = connect(inject('regions').awsEndpoint ?? '');
let table: string;
let flows = 0;
beforeAll(async () => {
  table = await createTable(client);
});
afterAll(() => client.destroy());

const SEVENTH: Hold = { generation: 7, since: 1_700_000_000_000, kind: 'switchover' };

function newFlow(): { flow: FlowId; holds: DynamoDbFlowHold; registry: DynamoDbTopicRegistry } {
  const flow = { source: `us-east-${++flows}`, target: 'us-west' };
  return {
    flow,
    holds: new DynamoDbFlowHold(client, table, flow),
    registry: new DynamoDbTopicRegistry(client, table, flow),
  };
}

function partitionOf(flow: FlowId, partition = 0): FlowPartition {
  return { flow, topic: 'orders', remoteTopic: 'us-east.orders', partition, generation: 1 };
}

test('a hold is there from when it is placed until it is lifted, whatever is deployed meanwhile', async () => {
  const { holds, registry } = newFlow();
  expect(await holds.current()).toBeUndefined();

  expect(await holds.place(SEVENTH)).toEqual(SEVENTH);
  await registry.setFlow({ state: 'deployed', deployment: 'another' });

  expect(await holds.current()).toEqual(SEVENTH);
  expect(await registry.hold()).toEqual(SEVENTH);
  expect(await registry.list()).toEqual({
    flow: { state: 'deployed', deployment: 'another' },
    hold: SEVENTH,
    topics: [],
  });
  expect(await holds.lift(7)).toBeUndefined();
  expect(await registry.list()).toMatchObject({ hold: undefined });
  expect(await holds.lift(7)).toBeUndefined();
});

test('a hold is replaced by a higher generation only, and stays as old as it is when placed again', async () => {
  const { holds } = newFlow();
  await holds.place(SEVENTH);

  expect(await holds.place({ ...SEVENTH, generation: 6 })).toEqual(SEVENTH);
  expect(await holds.place({ ...SEVENTH, since: SEVENTH.since + 5_000 })).toEqual(SEVENTH);
  const ninth: Hold = { generation: 9, since: SEVENTH.since + 9_000, kind: 'failover' };
  expect(await holds.place(ninth)).toEqual(ninth);
  expect(await holds.current()).toEqual(ninth);
});

test('a hold is lifted by its own generation or a higher one, and a lower one is told who holds', async () => {
  const { holds } = newFlow();
  await holds.place(SEVENTH);

  expect(await holds.lift(6)).toEqual(SEVENTH);
  expect(await holds.current()).toEqual(SEVENTH);
  expect(await holds.lift(8)).toBeUndefined();
  expect(await holds.current()).toBeUndefined();
});

test('no HEAD of a held flow is begun, those that are go on, and other flows know nothing of it', async () => {
  const [{ flow, holds }, other] = [newFlow(), newFlow()];
  const map = new DynamoDbOffsetMap(client, { tableName: table });
  const nothing = { closed: [], ledger: [] };
  await map.write(partitionOf(flow, 0), 0, { head: head(1), ...nothing });
  await holds.place(SEVENTH);

  const begun = await map.write(partitionOf(flow, 1), 0, { head: head(1), ...nothing });

  expect(begun).toEqual({ kind: 'held', hold: SEVENTH });
  expect(await map.read(partitionOf(flow, 1))).toBeUndefined();
  expect(await map.write(partitionOf(flow, 0), 0, { head: head(1), ...nothing })).toBe('conflict');
  expect(await map.write(partitionOf(flow, 0), 1, { head: head(2), ...nothing })).toBe('written');
  expect(await map.write(partitionOf(other.flow), 0, { head: head(1), ...nothing })).toBe('written');
  await holds.lift(7);
  expect(await map.write(partitionOf(flow, 1), 0, { head: head(1), ...nothing })).toBe('written');
});

test('a HEAD is the same however it is read', async () => {
  const { flow } = newFlow();
  const map = new DynamoDbOffsetMap(client, { tableName: table });
  expect(await map.readSettled(partitionOf(flow))).toBeUndefined();

  await map.write(partitionOf(flow), 0, { head: head(1), closed: [], ledger: [] });

  expect(await map.readSettled(partitionOf(flow))).toEqual(await map.read(partitionOf(flow)));
  expect(await map.readSettled(partitionOf(flow))).toEqual(head(1));
});

test('a hundred partitions of one flow are begun at once', async () => {
  const { flow } = newFlow();
  const map = new DynamoDbOffsetMap(client, { tableName: table });
  const begin = (partition: number) =>
    map.write(partitionOf(flow, partition), 0, { head: head(1), closed: [], ledger: [] });

  const outcomes = await Promise.all(Array.from({ length: 100 }, (_, partition) => begin(partition)));

  expect(new Set(outcomes)).toEqual(new Set(['written']));
});
