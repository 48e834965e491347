import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { CommittedEnds } from '../../../shared/adapters/kafka/committed-ends.ts';
import type { SourceAnswer } from '../../../shared/heartbeat/source-question.ts';
import { connect, createTopic, eventually, logOf, recordsFrom, uniqueName } from './target.ts';

const { Kafka, logLevel } = kafkajs;
const { bootstrapServers } = inject('regions').clusters[0] ?? { bootstrapServers: '' };
const cluster = connect(bootstrapServers);
const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
afterAll(() => cluster.close());

const PATIENCE_MS = 5_000;
const endsOf = (of = cluster) => new CommittedEnds('us-east', async () => of, Date.now);
const soon = () => AbortSignal.timeout(30_000);
const inWords = ({ partitions }: SourceAnswer) =>
  partitions.map((p) => `${p.topic}-${p.partition} ${p.committedEnd} ${p.logEnd}`).sort();

describe('the ends of a source', () => {
  it('are told for every partition of the topics, with topic ids, and when they were asked for', async () => {
    const [first, second] = [await createTopic(cluster, { partitions: 3 }), await createTopic(cluster)];
    const log = logOf(cluster, first);
    await log.append(await log.initProducer(), 0, recordsFrom(0, 7));
    const before = Date.now();

    const answer = await endsOf().ask([first, second], PATIENCE_MS, soon());

    expect(inWords(answer)).toEqual([`${first}-0 7 7`, `${first}-1 0 0`, `${first}-2 0 0`, `${second}-0 0 0`].sort());
    expect(answer.untold).toEqual(new Map());
    expect(new Set(answer.partitions.map(({ topicId }) => topicId))).toEqual(
      new Set([await log.topicId(), await logOf(cluster, second).topicId()]),
    );
    expect(answer.askedAt).toBeGreaterThanOrEqual(before);
    expect(answer.answeredAt).toBeGreaterThanOrEqual(answer.askedAt);
    expect(answer.answeredAt).toBeLessThanOrEqual(Date.now());
  });

  it('tell records of an open transaction apart, which nobody reads yet who reads committed records only', async () => {
    const topic = await createTopic(cluster);
    const producer = kafka.producer({
      transactionalId: uniqueName('writer'),
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    const ends = endsOf();

    await transaction.send({ topic, messages: Array.from({ length: 4 }, (_, i) => ({ value: `v${i}` })) });
    const open = await ends.ask([topic], PATIENCE_MS, soon());
    await transaction.commit();
    const committed = await eventually(
      () => ends.ask([topic], PATIENCE_MS, soon()),
      (seen) => seen.partitions[0]?.committedEnd !== 0,
    );

    expect(inWords(open)).toEqual([`${topic}-0 0 4`]);
    expect(inWords(committed)).toEqual([`${topic}-0 5 5`]);
    await producer.disconnect();
  });

  it('of a topic that is not there are untold, and keep no other from being told', async () => {
    const [topic, missing] = [await createTopic(cluster), uniqueName('nobody')];

    const answer = await endsOf().ask([topic, missing], PATIENCE_MS, soon());

    expect(inWords(answer)).toEqual([`${topic}-0 0 0`]);
    expect([...answer.untold]).toEqual([['UNKNOWN_TOPIC_OR_PARTITION', 1]]);
  });

  it('take in partitions and topics that came later, without a question that waits for them', async () => {
    const [topic, later] = [await createTopic(cluster), uniqueName('later')];
    const ends = endsOf();
    await ends.ask([topic], PATIENCE_MS, soon());
    await createTopic(cluster, { name: later, partitions: 2 });

    const seen = await eventually(
      async () => {
        await sleep(200);
        return inWords(await ends.ask([topic, later], PATIENCE_MS, soon()));
      },
      (words) => words.length === 3,
    );

    expect(seen).toEqual([`${later}-0 0 0`, `${later}-1 0 0`, `${topic}-0 0 0`]);
  });

  it('of nothing at all are a sign of life', async () => {
    const answer = await endsOf().ask([], PATIENCE_MS, soon());
    expect([answer.partitions, answer.untold.size]).toEqual([[], 0]);
  });

  it('are not told by a source of which nobody is there, whether topics are asked about or not', async () => {
    const gone = connect('127.0.0.1:1', { patienceMs: 200 });
    for (const topics of [['orders'], []])
      await expect(endsOf(gone).ask(topics, 100, AbortSignal.timeout(3_000))).rejects.toMatchObject({
        code: 'KAFKA_UNREACHABLE',
      });
    await gone.close();
  });
});
