import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { z } from 'zod';
import { physicalName } from '../../../infra/flow/names.ts';
import { awsEnvironment } from '../../../local/region/addresses.ts';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbQuarantine } from '../../../shared/adapters/dynamodb/quarantine.ts';
import { DynamoDbTopicRegistry } from '../../../shared/adapters/dynamodb/topic-registry.ts';
import { packVariable } from '../../../shared/adapters/lambda/packed-variable.ts';
import { DestinationWriter } from '../../../shared/cli/gaps/repair/destination-writer.ts';
import { encodeFlow } from '../../../shared/config/flow-json.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import { sourceOffset } from '../../../shared/flow/offset.ts';
import { ORIGIN_HEADERS } from '../../../shared/ledger/repair/origin.ts';
import type { TopicItem } from '../../../shared/ledger/topic-registry.ts';
import { BatchEncoder } from '../../../shared/records/batch.ts';
import { codecs } from '../../../shared/records/codec.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { causewayIn } from '../../unit/cli/command-line.ts';
import * as dynamodb from '../dynamodb/table.ts';
import { ExecutionEnvironment } from '../functions/replicate/execution-environment.ts';
import { connect, createTopic, eventually, logOf, recordsFrom, recordsIn, uniqueName } from '../kafka/target.ts';

/** Set aside are megabytes, which a busy machine's table takes its time for. */
vi.setConfig({ testTimeout: 180_000 });

const REPLICATED_WITHIN_MS = 120_000;
const FLOW = { source: 'us-east', target: 'us-west' };
const LARGE = { 'max.message.bytes': '4000000' };
const { clusters, awsEndpoint = '' } = inject('regions');
const [sourceServers = '', targetServers = ''] = clusters.map(({ bootstrapServers }) => bootstrapServers);
const source = connect(sourceServers);
const target = connect(targetServers);
const table = dynamodb.connect(awsEndpoint);
const prefix = uniqueName('repair');
const tableName = physicalName(prefix, FLOW, 'offset-map');
const folder = mkdtempSync(join(tmpdir(), 'causeway-repair-'));

const text = `clusters = us-east, us-west
us-east.bootstrap.servers = ${sourceServers}
us-west.bootstrap.servers = ${targetServers}
us-east.causeway.region = us-east-1
us-west.causeway.region = us-west-2
us-east->us-west.enabled = true
us-east->us-west.topics = orders.*
causeway.record.too.large = quarantine
`;
let replicate: ExecutionEnvironment;

beforeAll(async () => {
  Object.assign(process.env, awsEnvironment(awsEndpoint, 'us-west-2'));
  await dynamodb.createTable(table, tableName);
  writeFileSync(join(folder, 'mm2.properties'), text);
  const [flow] = parseConfiguration(text, { file: 'mm2.properties' }).configuration.flows;
  if (!flow) throw new Error('no flow');
  replicate = new ExecutionEnvironment({
    ...awsEnvironment(awsEndpoint, 'us-east-1'),
    FLOW: packVariable(encodeFlow(flow)),
    ...{ OFFSET_MAP_TABLE: tableName, OFFSET_MAP_REGION: 'us-west-2' },
  });
});
afterAll(async () => {
  await Promise.all([source.close(), target.close(), replicate[Symbol.asyncDispose]()]);
  table.destroy();
  rmSync(folder, { recursive: true });
});

/** As `reconcile` does it. */
async function register(
  item: Pick<TopicItem, 'topic' | 'remoteTopic' | 'sourceTopicId' | 'targetTopicId'>,
): Promise<void> {
  await new DynamoDbTopicRegistry(table, tableName, FLOW).write(0, {
    ...{ ...item, version: 1, generation: 1, partitions: 1, state: 'active' },
    ...{ consumerGroup: `causeway.us-east.us-west.${item.topic}.g1`, mappingUuid: undefined, drainedAfter: undefined },
  });
}

/** A topic whose copy takes 1 MB, and its records, as the deployed function gets them: those at 1 and 3 are larger. */
async function replicated(): Promise<{ readonly topic: string; readonly records: readonly KafkaRecord[] }> {
  const topic = await createTopic(source, { configs: LARGE });
  const remoteTopic = await createTopic(target, { name: `us-east.${topic}` });
  const [from, to] = [await source.topic(topic, true), await target.topic(remoteTopic, true)];
  await register({ topic, remoteTopic, sourceTopicId: from.topicId, targetTopicId: to.topicId });
  const log = logOf(source, topic, { transactionalId: `application-${topic}` });
  const producer = await log.initProducer();
  const records = recordsFrom(0, 4).map((record) => ({ ...record, topic, ...large(record.offset) }));
  for (const record of records)
    expect(await log.append(producer, record.offset, [record])).toMatchObject({
      kind: 'appended',
      base: record.offset,
    });
  const event = { eventSource: 'aws:kafka', records: { [`${topic}-0`]: records } };
  // A second record that is set aside needs a second take-over, and so another delivery.
  await eventually(
    async () => (await replicate.invoke(event)).response,
    (answered) => answered?.batchItemFailures.length === 0,
    REPLICATED_WITHIN_MS,
  );
  return { topic, records };
}

/** Bytes that no codec makes smaller; headers that a map would lose. */
function large(offset: number): Partial<KafkaRecord> {
  const value = randomBytes(1_500_000).toString('base64');
  if (offset === 1) {
    const headers = [{ trace: [1, -2] }, { b: [] }, { trace: null }, { a: [0] }];
    return { value, key: randomBytes(20).toString('base64'), headers, timestamp: Date.now() - 86_400_000 };
  }
  return offset === 3 ? { value, key: null, headers: null } : {};
}

const repaired = z.object({
  destination: z.object({ exists: z.boolean() }),
  records: z.array(z.object({ offset: z.number(), outcome: z.string(), to: z.number().optional() })),
});

async function repair(topic: string, to: string, ...options: readonly string[]) {
  const args = ['gaps', 'repair', '--prefix', prefix, '--topic', topic, '--to', to, '--json', ...options];
  const { exitCode, out, err } = await causewayIn(folder, args);
  expect(err).toBe('');
  const { destination, records } = repaired.parse(JSON.parse(out));
  return { exitCode, destination, outcomes: records.map(({ offset, outcome }) => `${offset} ${outcome}`) };
}

async function listed(topic: string): Promise<string> {
  const { out, exitCode } = await causewayIn(folder, ['gaps', '--prefix', prefix, '--topic', topic]);
  expect(exitCode).toBe(1);
  return out.replaceAll(/\s+/g, ' ');
}

/** What makes a record, as bytes. */
function identityOf({ key, value, timestamp, headers }: Awaited<ReturnType<typeof recordsIn>>[number]) {
  return {
    ...{ timestamp, key: key?.toString('base64') ?? null, value: value?.toString('base64') ?? null },
    headers: headers.map(([name, bytes]) => [name, bytes && [...Int8Array.from(bytes)]]),
  };
}

function asProduced({ key, value, timestamp, headers }: KafkaRecord) {
  return {
    ...{ timestamp, key: key ?? null, value: value ?? null },
    headers: (headers ?? []).flatMap((header) => Object.entries(header)),
  };
}

const bytesOf = (value: string) => [...Int8Array.from(Buffer.from(value))];

describe('records that were set aside', () => {
  test('are repaired byte for byte, in order, once, and never into the copy', async () => {
    const { topic, records } = await replicated();
    const to = uniqueName('set-aside');
    expect(await listed(topic)).toContain('causeway gaps repair');

    const missing = await repair(topic, to);
    expect(missing).toMatchObject({
      exitCode: 1,
      destination: { exists: false },
      outcomes: ['1 to-write', '3 to-write'],
    });
    const refused = await causewayIn(folder, ['gaps', 'repair', '--prefix', prefix, '--to', to, '--apply']);
    expect(refused).toMatchObject({ exitCode: 4, err: expect.stringContaining('REPAIR_TOPIC_MISSING') });

    await createTopic(target, { name: to, configs: LARGE });
    expect(await repair(topic, to)).toMatchObject({ exitCode: 1, outcomes: ['1 to-write', '3 to-write'] });
    expect(await recordsIn(target, to)).toEqual([]);

    expect(await repair(topic, to, '--apply')).toMatchObject({ exitCode: 0, outcomes: ['1 written', '3 written'] });
    const found = await recordsIn(target, to);
    const origin = (offset: number) => [
      ['origin-flow', bytesOf('us-east->us-west')],
      ['origin-topic', bytesOf(topic)],
      ['origin-generation', bytesOf('1')],
      ['origin-partition', bytesOf('0')],
      ['origin-offset', bytesOf(String(offset))],
    ];
    const due = records.filter(({ offset }) => offset === 1 || offset === 3);
    expect(found.map(identityOf)).toEqual(
      due.map((record) => {
        const { headers, ...rest } = asProduced(record);
        return { ...rest, headers: [...headers, ...origin(record.offset)] };
      }),
    );

    expect(await repair(topic, to, '--apply')).toMatchObject({ exitCode: 0, outcomes: ['1 repaired', '3 repaired'] });
    expect(await recordsIn(target, to)).toHaveLength(2);
    expect(await listed(topic)).toContain(`repaired to ${to}-0 at offset 1,`);
    const copied = records.filter((record) => !due.includes(record));
    expect((await recordsIn(target, `us-east.${topic}`)).map(identityOf)).toEqual(copied.map(asProduced));
  });

  test('of which a part is lost are told as such and left, the others go on; --again writes anew', async () => {
    const { topic } = await replicated();
    const to = await createTopic(target, { configs: LARGE });
    expect((await repair(topic, to, '--apply')).exitCode).toBe(0);
    const pk = `QUARANTINE#us-east->us-west#${topic}#0#1#1`;
    await table.send(new DeleteItemCommand({ TableName: tableName, Key: marshall({ pk, sk: 'PART#0002' }) }));

    expect(await repair(topic, to)).toMatchObject({ exitCode: 0, outcomes: ['1 repaired', '3 repaired'] });
    const again = await repair(topic, to, '--apply', '--again');

    expect(again).toMatchObject({ exitCode: 1, outcomes: ['1 damaged', '3 written'] });
    expect(await recordsIn(target, to)).toHaveLength(3);
    expect(await listed(topic)).toMatch(
      new RegExp(`repaired to ${to}-0 at offset 1, .*repaired to ${to}-0 at offset 2,`),
    );
  });

  test('that the topic does not take are told before anything is written', async () => {
    const { topic } = await replicated();
    const to = await createTopic(target);

    expect(await repair(topic, to, '--apply')).toMatchObject({ exitCode: 1, outcomes: ['1 too-large', '3 too-large'] });
    expect(await recordsIn(target, to)).toEqual([]);
  });
});

test('a record of a flow that keeps names gets the header by which a flow back leaves it out', async () => {
  const topic = uniqueName('orders');
  const place = { flow: FLOW, topic, remoteTopic: topic, partition: 0, generation: 1 };
  await register({ topic, remoteTopic: topic, sourceTopicId: 'source', targetTopicId: 'target' });
  const [record] = recordsFrom(7, 1).map((each) => ({ ...each, topic, headers: [{ trace: [1] }] }));
  if (!record) throw new Error('no record');
  const location = await new DynamoDbQuarantine(table, tableName).put(place, record);
  const [from, to] = [sourceOffset(7), sourceOffset(8)];
  await new DynamoDbOffsetMap(table, { tableName }).write(place, 0, {
    ...{ head: dynamodb.head(1), closed: [] },
    ledger: [{ kind: 'quarantine', from, to, location, at: Date.now() }],
  });
  const policy = 'replication.policy.class = org.apache.kafka.connect.mirror.IdentityReplicationPolicy';
  writeFileSync(join(folder, 'identity.properties'), `${text}${policy}\n`);
  const destination = await createTopic(target, { name: `${topic}.set-aside.internal` });

  const done = await repair(topic, destination, '--apply', '--config', 'identity.properties');

  expect(done).toMatchObject({ exitCode: 0, outcomes: ['7 written'] });
  const [written] = await recordsIn(target, destination);
  expect(written?.headers.map(([name]) => name)).toEqual(['trace', ...Object.values(ORIGIN_HEADERS), 'origin-dc']);
  expect(written?.headers.at(-1)?.[1]?.toString()).toBe('us-east');
});

describe('writing to the destination', () => {
  const [small] = recordsFrom(0, 1);
  const record = { ...small, topic: 'orders', partition: 0, offset: 7, timestamp: Date.now(), key: 'a2V5' };
  const writer = () => new DestinationWriter(async () => target, FLOW, new BatchEncoder({ codec: codecs.none }));

  test('goes on after a record that the topic does not take', async () => {
    const to = await createTopic(target, { configs: { 'cleanup.policy': 'compact' } });
    const one = writer();
    const value = Buffer.alloc(2_000_000).toString('base64');

    const outcomes = [];
    for (const each of [record, { ...record, value }, { ...record, key: null }, record])
      outcomes.push(await one.write(to, 0, each));

    expect(outcomes).toEqual([
      { kind: 'appended', offset: 0 },
      { kind: 'too-large' },
      { kind: 'refused', because: expect.stringContaining('INVALID_RECORD') },
      { kind: 'appended', offset: 1 },
    ]);
  });

  test('is refused to a call once a later one has begun', async () => {
    const to = await createTopic(target);
    const [first, second] = [writer(), writer()];
    await first.write(to, 0, record);
    await second.write(to, 0, record);

    expect(await first.write(to, 0, record)).toEqual({
      kind: 'unknown',
      because: expect.stringContaining('INVALID_PRODUCER_EPOCH'),
    });
    expect(await second.write(to, 0, record)).toEqual({ kind: 'appended', offset: 2 });
    expect(await recordsIn(target, to)).toHaveLength(3);
  });
});
