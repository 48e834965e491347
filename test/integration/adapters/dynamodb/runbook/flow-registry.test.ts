import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DynamoDbFlowRegistry } from '../../../../../shared/adapters/dynamodb/runbook/flow-registry.ts';
import { type FlowId, flowName } from '../../../../../shared/flow/flow.ts';
import type { RegistryEntry } from '../../../../../shared/runbook/registry/entry.ts';
import { Registry } from '../../../../../shared/runbook/registry/registry.ts';
import { connect } from '../../../dynamodb/table.ts';
import { UnreliableEndpoint } from '../../../dynamodb/unreliable-endpoint.ts';
import { awsEndpoint, newFlow, registryTable } from './table.ts';

const ENTRY: RegistryEntry = {
  version: 1,
  active: 'us-east',
  clients: 'serving',
  generation: 1,
  run: {
    kind: 'switchover',
    from: 'us-east',
    to: 'us-west',
    execution: 'arn:aws:states:us-west-2:000000000000:execution:switchover:one',
    startedAt: 1_700_000_000_000,
    abortRequested: false,
  },
  changedAt: 0,
};
const NONE_RUNNING = { isRunning: async () => false };

const { client, tableName } = registryTable();

test('an entry is read back as it was written, with a run and without', async () => {
  const entries = new DynamoDbFlowRegistry(client, tableName, newFlow());
  const finished: RegistryEntry = {
    ...ENTRY,
    version: 2,
    active: 'us-west',
    run: undefined,
    changedAt: 1_700_000_060_000,
  };

  expect(await entries.read()).toBeUndefined();
  expect(await entries.write(0, ENTRY)).toBe('written');
  expect(await entries.read()).toEqual(ENTRY);
  expect(await entries.write(1, finished)).toBe('written');
  expect(await entries.read()).toEqual(finished);
});

test('of two writers of one version, one wins; flows do not see each other', async () => {
  const [entries, others] = [newFlow(), newFlow()].map((flow) => new DynamoDbFlowRegistry(client, tableName, flow));
  if (!entries || !others) throw new Error('two registries');

  const first = await Promise.all([entries.write(0, ENTRY), entries.write(0, ENTRY)]);
  const second = await Promise.all([entries.write(1, { ...ENTRY, version: 2 }), entries.write(0, ENTRY)]);

  expect(first.toSorted()).toEqual(['conflict', 'written']);
  expect(second).toEqual(['written', 'conflict']);
  expect(await others.read()).toBeUndefined();
});

test.each([
  ['an attribute that a newer version added', { later: { S: 'something' } }],
  ['a state that there is not', { clients: { S: 'paused' } }],
  ['no active cluster', { active: { NULL: true } }],
])('an entry with %s is named and not guessed at', async (_what, attributes) => {
  const flow = newFlow();
  const entries = new DynamoDbFlowRegistry(client, tableName, flow);
  await entries.write(0, ENTRY);
  await client.send(new PutItemCommand({ TableName: tableName, Item: { ...itemOf(flow), ...attributes } }));

  await expect(entries.read()).rejects.toMatchObject({
    code: 'REGISTRY_ENTRY_CORRUPT',
    message: expect.stringContaining(`${flowName(flow)}: item STATE of the registry table`),
  });
});

describe('a table that does not always answer', () => {
  let endpoint: UnreliableEndpoint;
  beforeEach(async () => {
    endpoint = await UnreliableEndpoint.open(awsEndpoint());
  });
  afterEach(() => endpoint[Symbol.asyncDispose]());

  function registry(flow: FlowId) {
    const requestHandler = { requestTimeout: 10_000, throwOnRequestTimeout: true };
    const unreliable = connect(endpoint.url, { maxAttempts: 1, requestHandler });
    return new Registry({ flow, entries: new DynamoDbFlowRegistry(unreliable, tableName, flow), now: () => 5 });
  }

  test.each(['lose-answer', 'throttle'] as const)('a run begins once where the first write meets: %s', async (mood) => {
    const flow = newFlow();
    const way = { from: flow.source, to: flow.target };
    let writes = 0;
    endpoint.mood = (operation) => (operation === 'PutItem' && writes++ === 0 ? mood : 'through');

    const entry = await registry(flow).begin(
      { kind: 'failover', way, execution: 'one', startedBy: 'person' },
      NONE_RUNNING,
    );

    expect(entry).toMatchObject({ version: 1, generation: 1, run: { kind: 'failover', execution: 'one' } });
    expect(await new DynamoDbFlowRegistry(client, tableName, flow).read()).toEqual(entry);
    expect(writes).toBe(mood === 'throttle' ? 2 : 1);
  });
});

function itemOf(flow: FlowId) {
  return {
    pk: { S: flowName(flow) },
    sk: { S: 'STATE' },
    version: { N: '1' },
    active: { S: 'us-east' },
    clients: { S: 'serving' },
    generation: { N: '1' },
    changedAt: { N: '0' },
  };
}
