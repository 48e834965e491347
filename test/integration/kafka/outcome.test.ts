import { afterAll, describe, expect, inject, it } from 'vitest';
import { connect, createTopic, inAWord, logOf, recordsFrom, uniqueName, valuesIn } from './target.ts';

const { bootstrapServers } = inject('regions').clusters[1] ?? { bootstrapServers: '' };
const cluster = connect(bootstrapServers, { patienceMs: 2_000 });
afterAll(() => cluster.close());

describe('what a broker will not take', () => {
  it('is too large when a batch passes max.message.bytes, and the partition goes on with smaller ones', async () => {
    const topic = await createTopic(cluster, { configs: { 'max.message.bytes': '2000' } });
    const log = logOf(cluster, topic, { codec: 'none', maxMessageBytes: 2_000 });
    const producer = await log.initProducer();
    const large = recordsFrom(0, 1).map((each) => ({ ...each, value: Buffer.alloc(3_000).toString('base64') }));
    expect(inAWord(await log.append(producer, 0, large))).toBe('too-large');
    expect(inAWord(await log.append(producer, 0, recordsFrom(1, 1)))).toBe('appended@0');
  });

  it('takes a batch of exactly the size that the log says is the largest', async () => {
    const topic = await createTopic(cluster, { configs: { 'max.message.bytes': '2000' } });
    const log = logOf(cluster, topic, { codec: 'none', maxMessageBytes: 2_000 });
    const fill = (bytes: number) =>
      recordsFrom(0, 1).map((each) => ({ ...each, value: Buffer.alloc(bytes).toString('base64') }));
    let bytes = 1;
    while (fill(bytes + 1).reduce((sum, each) => sum + log.sizeOf(each), 0) <= log.maxBatchBytes) bytes++;
    expect(inAWord(await log.append(await log.initProducer(), 0, fill(bytes)))).toBe('appended@0');
  });

  it('fails a record without a key in a compacted topic', async () => {
    const topic = await createTopic(cluster, { configs: { 'cleanup.policy': 'compact' } });
    const log = logOf(cluster, topic);
    const outcome = await log.append(await log.initProducer(), 0, recordsFrom(0, 1));
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { code: 'KAFKA_REQUEST_REFUSED', reason: 'INVALID_RECORD', retriable: false },
    });
  });

  it('fails a timestamp that the topic does not take', async () => {
    const topic = await createTopic(cluster, { configs: { 'message.timestamp.before.max.ms': '1000' } });
    const log = logOf(cluster, topic);
    const old = recordsFrom(0, 1).map((each) => ({ ...each, timestamp: 1_000 }));
    const outcome = await log.append(await log.initProducer(), 0, old);
    expect(outcome).toMatchObject({ kind: 'failed', error: { reason: 'INVALID_TIMESTAMP' } });
  });

  it('fails a record that is not base64, and appends the next one', async () => {
    const topic = await createTopic(cluster);
    const log = logOf(cluster, topic);
    const producer = await log.initProducer();
    const outcomes = await Promise.all([
      log.append(producer, 0, [
        { ...recordsFrom(0, 1)[0], topic: 'orders', partition: 0, offset: 0, timestamp: 0, value: 'not base64' },
      ]),
      log.append(producer, 0, recordsFrom(1, 1)),
    ]);
    expect(outcomes.map(inAWord)).toEqual(['failed MALFORMED_RECORD', 'appended@0']);
    expect(await valuesIn(cluster, topic)).toEqual(['v1']);
  });

  it('fails a topic that is not there, saying who creates it', async () => {
    const log = logOf(cluster, uniqueName('absent'));
    const outcome = await log.append({ producerId: 1n, epoch: 0 }, 0, recordsFrom(0, 1));
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'KAFKA_UNKNOWN_TOPIC', retriable: true } });
    await expect(log.topicId()).rejects.toThrow(/Cluster us-west has no topic absent-/);
    await expect(log.scan(0 as never)).rejects.toMatchObject({ code: 'KAFKA_UNKNOWN_TOPIC' });
  });

  it('fails a partition that is not there', async () => {
    const topic = await createTopic(cluster);
    const outcome = await logOf(cluster, topic, { partition: 5 }).append(
      { producerId: 1n, epoch: 0 },
      0,
      recordsFrom(0, 1),
    );
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'KAFKA_UNKNOWN_TOPIC' } });
  });
});

describe('when the time of an invocation runs out', () => {
  it('leaves an append unknown, and everything else fails with what was waited for', async () => {
    const topic = await createTopic(cluster);
    const producer = await logOf(cluster, topic).initProducer();
    const late = logOf(cluster, topic, { signal: AbortSignal.abort() });
    expect(inAWord(await late.append(producer, 0, recordsFrom(0, 1)))).toBe('unknown');
    await expect(late.scan(0 as never)).rejects.toMatchObject({ code: 'KAFKA_DEADLINE_EXCEEDED' });
    expect(await valuesIn(cluster, topic)).toEqual([]);
    expect(inAWord(await logOf(cluster, topic).append(producer, 0, recordsFrom(0, 1)))).toBe('appended@0');
  });
});
