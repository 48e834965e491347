import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Regions, startRegions } from '../../../local/region/regions.ts';
import { KafkaSourceLog } from '../../../shared/adapters/kafka/source-log.ts';
import { send } from '../../../shared/append/send.ts';
import { connect, createTopic, inAWord, logOf, recordsFrom, valuesIn } from './target.ts';

let regions: Regions;

beforeAll(async () => {
  // Brokers that are given from outside cannot be killed.
  vi.stubEnv('CAUSEWAY_SOURCE_BOOTSTRAP_SERVERS', '');
  regions = await startRegions({ aws: false, clusters: [{ alias: 'us-west', awsRegion: 'us-west-2', brokers: 2 }] });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await regions.stop();
});

describe('when the leader of a partition is lost', () => {
  it('goes on at the new one, every record once and in order', async () => {
    const cluster = connect(regions.source.bootstrapServers, { requestTimeoutMs: 5_000 });
    const topic = await createTopic(cluster, { replicationFactor: 2 });
    const log = logOf(cluster, topic);
    const producer = await log.initProducer();
    expect(inAWord(await log.append(producer, 0, recordsFrom(0, 10)))).toBe('appended@0');
    const before = await cluster.partition(topic, 0, true);

    const chunks = Array.from({ length: 30 }, (_, i) => ({
      sequence: 10 + i * 10,
      records: recordsFrom(10 + i * 10, 10),
    }));
    const killed = regions.killBroker('us-west', before.leader);
    const reasons: string[] = [];
    const { end } = await send(
      log,
      producer,
      chunks,
      { now: Date.now, wait: (ms) => sleep(ms) },
      {
        window: 5,
        deadline: Date.now() + 45_000,
        resend: true,
        onRetry: (reason) => reasons.push(reason),
      },
    );
    await killed;

    expect(end).toEqual({ kind: 'complete' });
    const after = await cluster.partition(topic, 0, true);
    expect(after.leader).not.toBe(before.leader);
    expect(await valuesIn(cluster, topic)).toEqual(recordsFrom(0, 310).map(({ offset }) => `v${offset}`));
    const source = new KafkaSourceLog(cluster, { topic, partition: 0 });
    expect((await source.state()).leaderEpoch).toBeGreaterThan(before.leaderEpoch);
    const endOfOld = await source.endOfLeaderEpoch(before.leaderEpoch);
    expect(endOfOld).toBeGreaterThanOrEqual(10);
    expect(endOfOld).toBeLessThanOrEqual(310);
    await cluster.close();
    await regions.startBroker('us-west', before.leader);
  });
});
