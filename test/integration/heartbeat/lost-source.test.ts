import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { clockOf } from '../../../functions/clock.ts';
import { type Regions, startRegions } from '../../../local/region/regions.ts';
import { CommittedEnds } from '../../../shared/adapters/kafka/committed-ends.ts';
import { sourceOffset } from '../../../shared/flow/offset.ts';
import { SourceWatch, type SourceWatchObserver } from '../../../shared/heartbeat/source-watch.ts';
import { boundLoss } from '../../../shared/loss/bound-loss.ts';
import { MemoryStore } from '../../unit/loss/memory-store.ts';
import { connect, createTopic, eventually } from '../kafka/target.ts';

const { Kafka, logLevel } = kafkajs;
const PARTITIONS = 4;
const BATCH = 50;
const SLOW_PAUSE_MS = 40;
/** No writer that pauses so long after each batch is faster. */
const FASTEST_SLOW = (BATCH * 1_000) / SLOW_PAUSE_MS;

let regions: Regions;
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
beforeAll(async () => {
  // Brokers that are given from outside cannot be killed.
  vi.stubEnv('CAUSEWAY_SOURCE_BOOTSTRAP_SERVERS', '');
  regions = await startRegions({ aws: false, clusters: [{ alias: 'us-east', awsRegion: 'us-east-1', brokers: 2 }] });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await regions.stop();
});

/**
 * An application that writes evenly, a batch after the other, to each partition in turn, until it is stopped: a partition
 * that was just made may have no leader yet.
 */
function writerTo(topic: string) {
  const kafka = new Kafka({ brokers: regions.source.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ retry: { retries: 0 } });
  const writer = { pauseMs: 5, stopped: false, done: Promise.resolve() };
  writer.done = (async () => {
    await producer.connect();
    for (let turn = 0; !writer.stopped; turn++) {
      const messages = Array.from({ length: BATCH }, () => ({ value: 'x', partition: turn % PARTITIONS }));
      await producer.send({ topic, messages }).catch(() => {});
      await sleep(writer.pauseMs);
    }
    await producer.disconnect().catch(() => {});
  })();
  return writer;
}

const silent: SourceWatchObserver = { sampled() {}, unanswered() {}, endsWritten() {}, endsFailed() {} };

describe('when all brokers of the source are killed under load', () => {
  it('what is on it and was not copied is inside the interval that was told without it', async () => {
    const { bootstrapServers, brokers } = regions.source;
    const patient = connect(bootstrapServers, { requestTimeoutMs: 60_000, patienceMs: 90_000 });
    const topic = await createTopic(patient, { partitions: PARTITIONS, replicationFactor: 1 });
    await patient.close();
    const cluster = connect(bootstrapServers);
    const clock = clockOf(() => Date.now(), sleep);
    const store = new MemoryStore();
    const ends = () => store.stored?.ends;
    const watch = new SourceWatch({
      topics: async () => [topic],
      question: new CommittedEnds('us-east', async () => cluster, clock.now),
      store,
      clock,
      intervalMs: 1_000,
    });
    let watching = true;
    const watched = (async () => {
      while (watching) await watch.run(Date.now() + 1_500, silent);
    })();
    const writer = writerTo(topic);

    // Faster than it will be when the brokers are killed: whoever runs this test meanwhile, what was seen lately is more.
    await eventually(
      async () => ends()?.peak.current ?? 0,
      (peak) => peak >= FASTEST_SLOW * 1.2,
      90_000,
    );
    writer.pauseMs = SLOW_PAUSE_MS;
    const copied = await new CommittedEnds('us-east', async () => cluster, clock.now).ask(
      [topic],
      5_000,
      AbortSignal.timeout(20_000),
    );
    const seenBefore = ends()?.samples[0]?.askedAt ?? 0;
    await eventually(
      async () => ends()?.samples[0]?.askedAt ?? 0,
      (askedAt) => askedAt > seenBefore + 1_500,
      30_000,
    );
    await Promise.all(brokers.map(({ id }) => regions.killBroker('us-east', id)));
    writer.stopped = true;
    await eventually(
      async () => ends()?.silence,
      (silence) => silence !== undefined,
      30_000,
    );
    watching = false;
    await Promise.all([watched, writer.done]);

    const bound = boundLoss({
      ends: ends(),
      copied: copied.partitions.map(({ partition, topicId, logEnd }) => {
        return { topic, partition, sourceTopicId: topicId, nextSource: logEnd, sparse: false, lastTimestamp: -1 };
      }),
      now: Date.now(),
    });

    await Promise.all(brokers.map(({ id }) => regions.startBroker('us-east', id)));
    const after = connect(bootstrapServers);
    const { partitions } = await eventually(
      () => new CommittedEnds('us-east', async () => after, clock.now).ask([topic], 5_000, AbortSignal.timeout(20_000)),
      (answer) => answer.partitions.length === PARTITIONS,
      60_000,
    );
    await Promise.all([cluster.close(), after.close()]);

    expect(bound).toMatchObject({ unknown: 0, exact: false, wide: false, endedBy: { known: 'silence' } });
    let lost = 0;
    for (const { partition, logEnd } of partitions) {
      const told = bound.partitions.find((each) => each.partition === partition);
      if (told?.kind !== 'bounded') throw new Error(`partition ${partition} is not bounded`);
      const here = logEnd - told.from;
      lost += here;
      expect(told.records.atLeast).toBeLessThanOrEqual(here);
      expect(told.records.atMost).toBeGreaterThanOrEqual(here);
      expect(told.endAtMost).toBeGreaterThanOrEqual(sourceOffset(logEnd));
    }
    expect(bound.records.atLeast).toBeLessThanOrEqual(lost);
    expect(bound.records.atMost).toBeGreaterThanOrEqual(lost);
    expect(bound.records.atLeast).toBeGreaterThan(0);
    // No wider than what each partition took at its fastest in the time that nobody saw, and a quarter more. Of one that was
    // written to between the two questions for its ends, nothing is told at least: it looks like an open transaction.
    const { samples = [], partitions: seen = [] } = ends() ?? {};
    const widest = seen.reduce((sum, { partition, seen: [{ sample, logEnd }], committedEnd, peak }) => {
      const blindS = (bound.endedBy.at - (samples[sample]?.askedAt ?? 0)) / 1_000;
      const copiedTo = copied.partitions.find((each) => each.partition === partition)?.logEnd ?? 0;
      const untold = committedEnd < logEnd ? logEnd - copiedTo : 0;
      return sum + 1.25 * Math.max(peak.current, peak.previous) * blindS + 2 + untold;
    }, 0);
    expect(bound.records.atMost - bound.records.atLeast).toBeLessThanOrEqual(widest);
  });
});
