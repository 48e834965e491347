import { setTimeout as delay } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { partitionKey } from '../../../shared/adapters/dynamodb/keys.ts';
import { DynamoDbQuarantine } from '../../../shared/adapters/dynamodb/quarantine.ts';
import { KafkaSourceLog } from '../../../shared/adapters/kafka/source-log.ts';
import { PartitionAppender } from '../../../shared/append/append.ts';
import { defaultAppendSettings, silentObserver } from '../../../shared/append/context.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { connect as connectKafka, createTopic, logOf, recordsFrom, valuesIn } from '../kafka/target.ts';
import { connect, createTable, newPartition } from './table.ts';
import { UnreliableEndpoint } from './unreliable-endpoint.ts';

const UNANSWERED_AFTER_MS = 1_500;
/** DynamoDB's names of what writes HEAD. */
const WRITES = ['PutItem', 'TransactWriteItems'];

const { awsEndpoint = '', clusters } = inject('regions');
const direct = connect(awsEndpoint);
const source = connectKafka(clusters[0]?.bootstrapServers ?? '');
const target = connectKafka(clusters[1]?.bootstrapServers ?? '');
let table: string;
beforeAll(async () => {
  table = await createTable(direct);
});
afterAll(async () => {
  direct.destroy();
  await Promise.all([source.close(), target.close()]);
});

let endpoint: UnreliableEndpoint;
let client: DynamoDBClient;
beforeEach(async () => {
  endpoint = await UnreliableEndpoint.open(awsEndpoint);
  const requestHandler = { requestTimeout: UNANSWERED_AFTER_MS, throwOnRequestTimeout: true };
  client = connect(endpoint.url, { maxAttempts: 1, requestHandler });
});
afterEach(async () => {
  client.destroy();
  await endpoint[Symbol.asyncDispose]();
});

/** A partition on real brokers with six records on the source, appended to through the unreliable endpoint. */
async function openPartition() {
  const topic = await createTopic(source);
  const remoteTopic = await createTopic(target);
  const records = recordsFrom(0, 6);
  const log = logOf(source, topic);
  await log.append(await log.initProducer(), 0, records);
  const partition = { ...newPartition(), topic, remoteTopic };
  const appender = new PartitionAppender<KafkaRecord>({
    partition,
    target: logOf(target, remoteTopic),
    source: new KafkaSourceLog(source, { topic, partition: 0 }),
    heads: new DynamoDbOffsetMap(client, { tableName: table }),
    quarantine: new DynamoDbQuarantine(client, table),
    clock: { now: Date.now, wait: (ms) => delay(ms) },
    observer: silentObserver,
    settings: defaultAppendSettings,
  });
  const append = (from: number, to: number) =>
    appender.append({
      records: records.slice(from, to),
      firstOffset: from,
      deadline: Date.now() + 20_000,
      invocation: crypto.randomUUID(),
    });
  return {
    partition,
    remoteTopic,
    append,
    head: () => new DynamoDbOffsetMap(direct, { tableName: table }).read(partition),
  };
}

describe('When the offset map does not answer,', () => {
  it.each(['throttle', 'silence'] as const)('a partition stops before it appends anything (%s)', async (mood) => {
    const { append, remoteTopic } = await openPartition();
    endpoint.mood = () => mood;

    const result = await append(0, 3);

    expect(result).toMatchObject({
      kind: 'stopped',
      from: 0,
      error: { code: 'OFFSET_MAP_UNAVAILABLE', retriable: true },
    });
    expect(await valuesIn(target, remoteTopic)).toEqual([]);
  });

  it.each(['throttle', 'silence', 'lose-answer'] as const)(
    'records whose write of HEAD failed are in the target once after the redelivery (%s)',
    async (mood) => {
      const { append, remoteTopic, head } = await openPartition();
      await append(0, 2);
      endpoint.mood = (operation) => (WRITES.includes(operation) ? mood : 'through');

      const first = await append(2, 5);
      endpoint.mood = () => 'through';
      const second = await append(2, 6);

      const stopped = { kind: 'stopped', from: 2, error: { code: 'OFFSET_MAP_UNAVAILABLE' } };
      expect(first).toMatchObject(mood === 'lose-answer' ? { kind: 'done' } : stopped);
      expect(second).toEqual({ kind: 'done' });
      expect(await valuesIn(target, remoteTopic)).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'v5']);
      expect(await head()).toMatchObject({ nextSource: 6, nextTarget: 6, nextSequence: 6 });
    },
  );

  it('one refusal or two are borne within the invocation', async () => {
    const { append, remoteTopic } = await openPartition();
    let refusals = 2;
    endpoint.mood = () => (refusals-- > 0 ? 'throttle' : 'through');

    expect(await append(0, 3)).toEqual({ kind: 'done' });
    expect(await valuesIn(target, remoteTopic)).toEqual(['v0', 'v1', 'v2']);
  });

  it('the error says what the table said', async () => {
    const { append } = await openPartition();
    endpoint.mood = () => 'throttle';
    const result = await append(0, 1);
    expect(result.kind === 'stopped' && result.error.message).toContain('provisioned throughput');
  });
});

describe('When HEAD cannot be understood,', () => {
  it('nothing is appended and the error names the item', async () => {
    const { append, partition, remoteTopic } = await openPartition();
    const Item = { pk: { S: partitionKey(partition) }, sk: { S: 'HEAD' }, version: { N: '1' } };
    await direct.send(new PutItemCommand({ TableName: table, Item }));

    const result = await append(0, 3);

    expect(result).toMatchObject({ kind: 'stopped', from: 0, error: { code: 'OFFSET_MAP_CORRUPT', retriable: false } });
    expect(result.kind === 'stopped' && result.error.message).toContain('HEAD');
    expect(await valuesIn(target, remoteTopic)).toEqual([]);
  });
});
