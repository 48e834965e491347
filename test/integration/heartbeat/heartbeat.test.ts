import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { wire } from '../../../functions/heartbeat/wiring.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import type { Pulse, PulseObserver } from '../../../shared/heartbeat/pulse.ts';
import { decodeHeartbeat } from '../../../shared/mm2/heartbeat.ts';
import { observed } from '../../unit/heartbeat/observed.ts';
import { connect, createTopic, logOf, recordsIn, uniqueName } from '../kafka/target.ts';

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
