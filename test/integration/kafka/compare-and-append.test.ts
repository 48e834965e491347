import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import type { KafkaTargetLog } from '../../../shared/adapters/kafka/target-log.ts';
import type { Producer } from '../../../shared/offsets/head.ts';
import {
  connect,
  createTopic,
  describeBatch,
  eventually,
  inAWord,
  logOf,
  recordsFrom,
  START,
  valuesIn,
} from './target.ts';

const LAST_SEQUENCE = 0x7fffffff;
const { bootstrapServers } = inject('regions').clusters[1] ?? { bootstrapServers: '' };
const one = connect(bootstrapServers);
/** Another execution environment: connections of its own. */
const other = connect(bootstrapServers);

afterAll(() => Promise.all([one.close(), other.close()]));

class FirstLookIsSlow extends KafkaCluster {
  #looks = 0;

  override async partition(...args: Parameters<KafkaCluster['partition']>) {
    if (this.#looks++ === 0) await sleep(100);
    return super.partition(...args);
  }
}

async function partition(): Promise<{
  topic: string;
  log: KafkaTargetLog;
  elsewhere: KafkaTargetLog;
  producer: Producer;
}> {
  const topic = await createTopic(one);
  const log = logOf(one, topic);
  return { topic, log, elsewhere: logOf(other, topic), producer: await log.initProducer() };
}

async function takeOver(log: KafkaTargetLog): Promise<Producer> {
  const raised = await log.initProducer();
  expect(await log.requestMarker(raised)).toBe('requested');
  await eventually(
    () => log.scan(START),
    ({ batches }) => batches.some(({ control, producer }) => control && producer.epoch === raised.epoch),
  );
  return raised;
}

describe('compare-and-append on a real broker', () => {
  it('appends a batch once that two environments send, and tells both the same offset', async () => {
    const { topic, log, elsewhere, producer } = await partition();
    expect(inAWord(await log.append(producer, 0, recordsFrom(0, 100)))).toBe('appended@0');
    expect(inAWord(await elsewhere.append(producer, 0, recordsFrom(0, 100)))).toBe('appended@0');
    expect(await valuesIn(one, topic)).toHaveLength(100);
  });

  it('knows a duplicate by its sequences alone, whatever it holds', async () => {
    const { topic, log, elsewhere, producer } = await partition();
    await log.append(producer, 0, recordsFrom(0, 3, 'a'));
    expect(inAWord(await elsewhere.append(producer, 0, recordsFrom(0, 3, 'b')))).toBe('appended@0');
    expect(await valuesIn(one, topic)).toEqual(['a0', 'a1', 'a2']);
  });

  it('refuses other boundaries and gaps, and appends nothing of them', async () => {
    const { topic, log, elsewhere, producer } = await partition();
    await log.append(producer, 0, recordsFrom(0, 150));
    expect(inAWord(await elsewhere.append(producer, 100, recordsFrom(100, 80)))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(inAWord(await log.append(producer, 160, recordsFrom(160, 10)))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(await valuesIn(one, topic)).toHaveLength(150);
  });

  it('keeps the order of batches sent without waiting, from the very first one on', async () => {
    const { topic, log, producer } = await partition();
    const batches = Array.from({ length: 12 }, (_, i) => log.append(producer, i * 10, recordsFrom(i * 10, 10)));
    expect((await Promise.all(batches)).map(inAWord)).toEqual(batches.map((_, i) => `appended@${i * 10}`));
    expect(await valuesIn(one, topic)).toEqual(recordsFrom(0, 120).map(({ offset }) => `v${offset}`));
  });

  it('keeps that order when the first batch has to wait for metadata and the second has not', async () => {
    const { topic, producer } = await partition();
    const cluster = new FirstLookIsSlow({ alias: 'us-west', bootstrapServers: bootstrapServers.split(',') });
    await cluster.topic(topic, true);
    const log = logOf(cluster, topic);
    const outcomes = await Promise.all([
      log.append(producer, 0, recordsFrom(0, 10)),
      log.append(producer, 10, recordsFrom(10, 10)),
    ]);
    expect(outcomes.map(inAWord)).toEqual(['appended@0', 'appended@10']);
    await cluster.close();
  });

  it('lets one of two racing environments win and refuses the other', async () => {
    const { topic, log, elsewhere, producer } = await partition();
    await log.append(producer, 0, recordsFrom(0, 1));
    const raced = await Promise.all([
      log.append(producer, 1, recordsFrom(1, 10)),
      elsewhere.append(producer, 1, recordsFrom(1, 20)),
    ]);
    expect(raced.map(inAWord).sort()).toEqual(['OUT_OF_ORDER_SEQUENCE_NUMBER', 'appended@1']);
    const winner = raced[0]?.kind === 'appended' ? 10 : 20;
    expect(await valuesIn(one, topic)).toHaveLength(1 + winner);
  });

  it('takes any first sequence of a producer that the partition does not know', async () => {
    const { log, producer } = await partition();
    expect(await log.describeProducer(producer.producerId)).toBeUndefined();
    expect(inAWord(await log.append(producer, 7, recordsFrom(7, 2)))).toBe('appended@0');
    expect(await log.describeProducer(producer.producerId)).toEqual({ epoch: 0, lastSequence: 8 });
  });

  it('wraps sequences to 0 after 2^31 - 1, also inside a batch', async () => {
    const { log, producer } = await partition();
    expect(inAWord(await log.append(producer, LAST_SEQUENCE - 2, recordsFrom(0, 2)))).toBe('appended@0');
    expect(inAWord(await log.append(producer, LAST_SEQUENCE, recordsFrom(2, 3)))).toBe('appended@2');
    expect(inAWord(await log.append(producer, LAST_SEQUENCE, recordsFrom(2, 3)))).toBe('appended@2');
    expect(inAWord(await log.append(producer, 2, recordsFrom(5, 2)))).toBe('appended@5');
    expect((await log.scan(START)).batches.map(describeBatch)).toEqual([
      `0-1 e0 s${LAST_SEQUENCE - 2}`,
      `2-4 e0 s${LAST_SEQUENCE}`,
      '5-6 e0 s2',
    ]);
  });
});

describe('a take-over on a real broker', () => {
  it('fences nothing by InitProducerId alone', async () => {
    const { log, producer } = await partition();
    await log.append(producer, 0, recordsFrom(0, 3));
    const raised = await log.initProducer();
    expect(raised).toEqual({ producerId: producer.producerId, epoch: producer.epoch + 1 });
    expect(inAWord(await log.append(producer, 3, recordsFrom(3, 1)))).toBe('appended@3');
  });

  it('refuses everything of the older epoch once its marker is in the log, exact repeats too', async () => {
    const { topic, log, elsewhere, producer } = await partition();
    await log.append(producer, 0, recordsFrom(0, 3));
    await takeOver(log);
    expect(inAWord(await elsewhere.append(producer, 3, recordsFrom(3, 1)))).toBe('INVALID_PRODUCER_EPOCH');
    expect(inAWord(await elsewhere.append(producer, 0, recordsFrom(0, 3)))).toBe('INVALID_PRODUCER_EPOCH');
    expect(await valuesIn(one, topic)).toEqual(['v0', 'v1', 'v2']);
  });

  it('begins the new epoch at sequence 0 and nowhere else, one offset after the marker', async () => {
    const { log, producer } = await partition();
    await log.append(producer, 0, recordsFrom(0, 3));
    const raised = await takeOver(log);
    expect(await log.describeProducer(producer.producerId)).toEqual({ epoch: 1, lastSequence: -1 });
    expect(inAWord(await log.append(raised, 3, recordsFrom(3, 1)))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(inAWord(await log.append(raised, 0, recordsFrom(3, 2)))).toBe('appended@4');
    const scanned = await log.scan(START);
    expect(scanned.batches.map(describeBatch)).toEqual(['0-2 e0 s0', '3 control e1', '4-5 e1 s0']);
    expect(scanned).toMatchObject({ logStart: 0, highWatermark: 6 });
  });

  it('puts its marker into a partition that does not know the producer', async () => {
    const { log, producer } = await partition();
    const raised = await takeOver(log);
    expect(raised.epoch).toBe(producer.epoch + 1);
    expect((await log.scan(START)).batches.map(describeBatch)).toEqual(['0 control e1']);
  });

  it('is superseded by a later one', async () => {
    const { log, elsewhere } = await partition();
    const first = await log.initProducer();
    const second = await elsewhere.initProducer();
    expect(await log.requestMarker(first)).toBe('superseded');
    expect(await elsewhere.requestMarker(second)).toBe('requested');
  });

  it('can be asked for twice in a row', async () => {
    const { log } = await partition();
    const raised = await takeOver(log);
    const again = await takeOver(log);
    expect(again.epoch).toBe(raised.epoch + 1);
  });
});

describe('scanning a log', () => {
  it('starts with the batch that holds the offset, and is empty at and past the end', async () => {
    const { log, producer } = await partition();
    await log.append(producer, 0, recordsFrom(0, 10));
    await log.append(producer, 10, recordsFrom(10, 10));
    const from = async (offset: number) => (await log.scan(offset as typeof START)).batches.map(describeBatch);
    expect(await from(4)).toEqual(['0-9 e0 s0', '10-19 e0 s10']);
    expect(await from(10)).toEqual(['10-19 e0 s10']);
    expect(await from(20)).toEqual([]);
    expect(await log.scan(25 as typeof START)).toEqual({ batches: [], logStart: 0, highWatermark: 20 });
    expect(await log.bounds()).toEqual({ logStart: 0, highWatermark: 20 });
  });

  it('reads many answers of the broker to the end', async () => {
    const { log, producer } = await partition();
    const large = (from: number) =>
      recordsFrom(from, 1).map((each) => ({ ...each, value: randomBytes(700_000).toString('base64') }));
    for (let i = 0; i < 14; i++) await log.append(producer, i, large(i));
    const { batches, highWatermark } = await log.scan(START);
    expect(batches.map(({ base }) => base)).toEqual(Array.from({ length: 14 }, (_, i) => i));
    expect(highWatermark).toBe(14);
  });
});
