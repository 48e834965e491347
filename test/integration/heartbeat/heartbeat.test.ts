import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { wire } from '../../../functions/heartbeat/wiring.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import type { PulseObserver } from '../../../shared/heartbeat/pulse.ts';
import { decodeHeartbeat } from '../../../shared/mm2/heartbeat.ts';
import { connect, createTopic, eventually, logOf, recordsIn, uniqueName } from '../kafka/target.ts';

const [east, west] = inject('regions').clusters;
vi.setConfig({ testTimeout: 60_000 });

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
  return wire({ FLOW });
}

function observed() {
  const seen = {
    written: 0,
    failures: [] as unknown[],
    latencies: [] as number[],
    ages: [] as number[],
    answers: [] as boolean[],
  };
  const observer: PulseObserver = {
    written: () => seen.written++,
    failed: (error) => seen.failures.push(error),
    arrived: (ms) => seen.latencies.push(ms),
    age: (ms) => seen.ages.push(ms),
    arrivalsUnreadable: () => {},
    probed: ({ answers }) => seen.answers.push(answers),
  };
  return { seen, observer };
}

describe('heartbeat', () => {
  it('writes to a compacted topic of one partition, one a second, as MirrorMaker 2 does', async () => {
    const source = uniqueName('us-east');
    const { pulse } = pulseOf(source, `${source}->us-west.enabled = false`);
    const { seen, observer } = observed();
    const cluster = connect(west?.bootstrapServers ?? '');
    onTestFinished(() => cluster.close());

    await pulse.run(Date.now() + 2_500, observer);

    expect(seen).toEqual({ written: 3, failures: [], latencies: [], ages: [], answers: [] });
    const records = (await recordsIn(cluster, 'heartbeats')).filter(({ key }) => key?.includes(source));
    const beats = records.map(decodeHeartbeat);
    expect(beats.map(({ sourceClusterAlias, targetClusterAlias }) => [sourceClusterAlias, targetClusterAlias])).toEqual(
      Array(3).fill([source, 'us-west']),
    );
    expect(beats.map(({ timestamp }) => timestamp)).toEqual(records.map(({ timestamp }) => timestamp));
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

    const run = pulse.run(Date.now() + 4_500, observer);
    await eventually(
      async () => seen.ages.length,
      (length) => length > 0,
    );
    for (let i = 0; i < 3; i++) await arrive(Date.now() - 700);
    await run;

    expect(seen.failures).toEqual([]);
    expect(seen.ages[0]).toBeGreaterThanOrEqual(60_000);
    expect(seen.ages.at(-1)).toBeLessThan(10_000);
    expect(seen.latencies).toHaveLength(3);
    for (const ms of seen.latencies) expect(ms).toBeGreaterThanOrEqual(700);
    expect(seen.answers).toContain(true);
    expect(seen.answers).not.toContain(false);
  });

  it('says that a source does not answer of which nobody is there, and writes on', async () => {
    const source = uniqueName('us-east');
    const { pulse } = pulseOf(source, `${source}->us-west.enabled = true`, `${source}.bootstrap.servers = 127.0.0.1:1`);
    const { seen, observer } = observed();

    await pulse.run(Date.now() + 4_500, observer);

    expect(seen.written).toBe(5);
    expect(seen.answers.length).toBeGreaterThan(0);
    expect(seen.answers).not.toContain(true);
  });
});
