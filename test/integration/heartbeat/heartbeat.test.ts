import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { wire } from '../../../functions/heartbeat/wiring.ts';
import { DynamoDbSourceEnds } from '../../../shared/adapters/dynamodb/source-ends.ts';
import { DynamoDbTopicRegistry } from '../../../shared/adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import type { Pulse, PulseObserver } from '../../../shared/heartbeat/pulse.ts';
import type { TopicItem } from '../../../shared/ledger/topic-registry.ts';
import { decodeHeartbeat } from '../../../shared/mm2/heartbeat.ts';
import { observed } from '../../unit/heartbeat/observed.ts';
import { connect as connectTables, createTable } from '../dynamodb/table.ts';
import { connect, createTopic, eventually, logOf, recordsFrom, recordsIn, uniqueName } from '../kafka/target.ts';

const { clusters, awsEndpoint = '' } = inject('regions');
const [east, west] = clusters;
vi.setConfig({ testTimeout: 60_000 });
vi.stubEnv('AWS_ENDPOINT_URL', awsEndpoint);
vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
const tables = connectTables(awsEndpoint);
let offsetMap: string;
let registryTable: string;
beforeAll(async () => {
  [offsetMap, registryTable] = [await createTable(tables), await createTable(tables)];
});
afterAll(() => {
  tables.destroy();
  vi.unstubAllEnvs();
});

/** The pulse of a pair of clusters under an alias of its own, as its function is made from a configuration. */
function pulseOf(source: string, ...more: readonly string[]) {
  const text = [
    `clusters = ${source}, us-west`,
    `${source}.bootstrap.servers = ${east?.bootstrapServers}`,
    `us-west.bootstrap.servers = ${west?.bootstrapServers}`,
    'us-west.causeway.region = us-west-2',
    'heartbeats.topic.replication.factor = 1',
    ...more,
  ].join('\n');
  const { flows } = parseConfiguration(text, { file: 'mm2.properties' }).configuration;
  const FLOW = flows.find(({ target }) => target.alias === 'us-west');
  if (FLOW === undefined) throw new Error('no such pair');
  return wire({
    FLOW,
    OFFSET_MAP_TABLE: offsetMap,
    OFFSET_MAP_REGION: 'us-west-2',
    REGISTRY_TABLE: registryTable,
  });
}

function topicItem(topic: string, sourceTopicId: string): TopicItem {
  return {
    version: 1,
    topic,
    remoteTopic: `us-east.${topic}`,
    generation: 1,
    sourceTopicId,
    targetTopicId: 'T',
    partitions: 2,
    state: 'active',
    consumerGroup: 'causeway',
    mappingUuid: undefined,
    drainedAfter: undefined,
  };
}

/** Invocations that follow each other until the test has seen what it is about, however slow the machine is. */
async function runUntil(pulse: Pulse, observer: PulseObserver, seenEnough: () => boolean): Promise<void> {
  while (!seenEnough()) await pulse.run(Date.now() + 2_500, observer);
}

describe('heartbeat', () => {
  it('writes to a compacted topic of one partition, at most one a second, as MirrorMaker 2 does', async () => {
    const source = uniqueName('us-east');
    const { pulse } = pulseOf(source, `${source}->us-west.enabled = false`);
    const { seen, observer } = observed();
    const cluster = connect(west?.bootstrapServers ?? '');
    onTestFinished(() => cluster.close());

    await runUntil(pulse, observer, () => seen.written >= 3);

    expect(seen).toMatchObject({ failures: [], latencies: [], ages: [], unreadable: [], answers: [] });
    const records = (await recordsIn(cluster, 'heartbeats')).filter(({ key }) => key?.includes(source));
    const beats = records.map(decodeHeartbeat);
    expect(beats.map(({ sourceClusterAlias, targetClusterAlias }) => [sourceClusterAlias, targetClusterAlias])).toEqual(
      Array(seen.written).fill([source, 'us-west']),
    );
    const times = beats.map(({ timestamp }) => timestamp);
    expect(times).toEqual(records.map(({ timestamp }) => timestamp));
    // A late one does not move the others: none is before its second.
    const [first = 0] = times;
    expect(times.filter((time, i) => time < first + i * 1_000)).toEqual([]);
    expect((await cluster.topic('heartbeats', true)).partitions.size).toBe(1);
    const configs = await new ClusterAdmin(cluster).describeTopicConfigs(['heartbeats'], ['cleanup.policy']);
    expect(configs.get('heartbeats')?.get('cleanup.policy')).toMatchObject({ value: 'compact', own: true });
  });

  it('measures how long the heartbeats of its source are on their way, and asks the source whether it is there', async () => {
    const source = uniqueName('us-east');
    const { pulse } = pulseOf(source, `${source}->us-west.enabled = true`);
    const { seen, observer } = observed();
    const cluster = connect(west?.bootstrapServers ?? '');
    onTestFinished(() => cluster.close());
    const copy = logOf(cluster, await createTopic(cluster, { name: `${source}.heartbeats` }));
    const producer = await copy.initProducer();
    const key = Buffer.from('000141000142', 'hex').toString('base64');
    let sequence = 0;
    const arrive = async (madeAt: number) => {
      const value = Buffer.alloc(10);
      value.writeBigInt64BE(BigInt(madeAt), 2);
      const record = {
        topic: 'heartbeats',
        partition: 0,
        offset: 0,
        timestamp: madeAt,
        key,
        value: value.toString('base64'),
      };
      await copy.append(producer, sequence++, [record]);
    };
    await arrive(Date.now() - 60_000);

    await runUntil(pulse, observer, () => seen.ages.length > 0);
    expect(seen.latencies).toEqual([]);
    expect(seen.ages[0]).toBeGreaterThanOrEqual(60_000);

    const enough = () => seen.latencies.length >= 3 && (seen.ages.at(-1) ?? 60_000) < 60_000 && seen.answers.length > 0;
    const arriving = (async () => {
      while (!enough()) {
        await arrive(Date.now() - 700);
        await wait(100);
      }
    })();
    await Promise.all([runUntil(pulse, observer, enough), arriving]);

    expect(seen.failures).toEqual([]);
    for (const ms of seen.latencies) expect(ms).toBeGreaterThanOrEqual(700);
    expect(seen.answers).toContain(true);
  });

  it('keeps where the topics end that the flow copies, each second, and from when on the source is silent', async () => {
    const source = uniqueName('us-east');
    const flow = { source, target: 'us-west' };
    const cluster = connect(east?.bootstrapServers ?? '');
    onTestFinished(() => cluster.close());
    const [topic, other] = [await createTopic(cluster, { partitions: 2 }), await createTopic(cluster)];
    const log = logOf(cluster, topic);
    const producer = await log.initProducer();
    await log.append(producer, 0, recordsFrom(0, 9));
    await new DynamoDbTopicRegistry(tables, offsetMap, flow).write(0, topicItem(topic, await log.topicId()));
    const store = new DynamoDbSourceEnds(tables, registryTable, flow);
    const ends = async () => (await store.read())?.ends;
    const { seen, observer } = observed();
    const { pulse } = pulseOf(source, `${source}->us-west.enabled = true`);

    await runUntil(pulse, observer, () => seen.endsWritten > 0);
    const before = await ends();
    await log.append(producer, 9, recordsFrom(9, 5));
    await runUntil(pulse, observer, () => (seen.samples.at(-1)?.partitions ?? []).some(({ logEnd }) => logEnd === 14));
    const after = await eventually(ends, (kept) => kept?.partitions[0]?.committedEnd === 14);

    const told = (kept: typeof before) => kept?.partitions.map((p) => [p.topic, p.partition, Number(p.committedEnd)]);
    expect(told(before)).toEqual([
      [topic, 0, 9],
      [topic, 1, 0],
    ]);
    expect(told(after)).toEqual([
      [topic, 0, 14],
      [topic, 1, 0],
    ]);
    expect(JSON.stringify(after)).not.toContain(other);
    expect(after?.partitions[0]?.topicId).toBe(await log.topicId());
    expect([after?.silence, seen.endsFailures]).toEqual([undefined, []]);

    const gone = pulseOf(source, `${source}->us-west.enabled = true`, `${source}.bootstrap.servers = 127.0.0.1:1`);
    await runUntil(gone.pulse, observer, () => seen.unanswered.length > 0);
    const silent = await eventually(ends, (kept) => kept?.silence !== undefined);
    expect(told(silent)).toEqual(told(after));
    expect(silent?.silence?.since).toBeGreaterThan(silent?.answeredAt ?? Number.POSITIVE_INFINITY);
  });

  it('says that a source does not answer of which nobody is there, and writes on', async () => {
    const source = uniqueName('us-east');
    const { pulse } = pulseOf(source, `${source}->us-west.enabled = true`, `${source}.bootstrap.servers = 127.0.0.1:1`);
    const { seen, observer } = observed();

    await runUntil(pulse, observer, () => seen.answers.length > 0);
    const before = seen.written;
    await runUntil(pulse, observer, () => seen.written >= before + 2);

    expect(seen.failures).toEqual([]);
    expect(seen.answers).not.toContain(true);
  });
});
