import { describe, expect, it } from 'vitest';
import { CheckpointsTopic } from '../../../shared/checkpoint/checkpoints-topic.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { type Checkpoint, decodeCheckpoint } from '../../../shared/mm2/checkpoint.ts';
import { MemoryLog } from './memory-log.ts';

const NOW = 1_700_000_000_000;
const signal = new AbortController().signal;

function checkpoint(upstream: number, downstream: number, of: Partial<Checkpoint> = {}): Checkpoint {
  const offsets = { upstreamOffset: sourceOffset(upstream), downstreamOffset: targetOffset(downstream) };
  return { group: 'billing', topic: 'us-east.orders', partition: 3, ...offsets, metadata: '', ...of };
}

describe('the checkpoints topic', () => {
  it('gets what is due with its time, once, also after a restart', async () => {
    const log = new MemoryLog();
    const first = new CheckpointsTopic(log.reader());
    await first.follow(signal);
    expect((await first.write([checkpoint(100, 50)], NOW, signal)).written).toBe(1);
    expect((await first.write([checkpoint(100, 50)], NOW + 1, signal)).written).toBe(0);

    const restarted = new CheckpointsTopic(log.reader());
    await restarted.follow(signal);
    expect(
      (await restarted.write([checkpoint(100, 50), checkpoint(7, 7, { partition: 4 })], NOW + 2, signal)).written,
    ).toBe(1);

    expect(log.records.map((record) => [decodeCheckpoint(record), record.timestamp])).toEqual([
      [checkpoint(100, 50), NOW],
      [checkpoint(7, 7, { partition: 4 }), NOW + 2],
    ]);
    expect(restarted.newestAt).toBe(NOW + 2);
  });

  it('is not set back by a run that overlaps: what the other one wrote is read first', async () => {
    const log = new MemoryLog();
    const [behind, ahead] = [new CheckpointsTopic(log.reader()), new CheckpointsTopic(log.reader())];
    await Promise.all([behind.follow(signal), ahead.follow(signal)]);
    await ahead.write([checkpoint(200, 150)], NOW, signal);

    await behind.follow(signal);
    const { written } = await behind.write([checkpoint(200, 140)], NOW + 1, signal);

    expect(written).toBe(0);
    expect(log.records).toHaveLength(1);
  });

  it('passes over foreign records and counts them', async () => {
    const log = new MemoryLog();
    log.records.push({ key: Buffer.from('hello'), value: Buffer.from('world'), timestamp: NOW + 9 });
    log.add(checkpoint(100, 50), NOW);
    log.records.push({ key: null, value: null, timestamp: NOW });
    const topic = new CheckpointsTopic(log.reader());

    await topic.follow(signal);

    expect([topic.foreign, topic.newestAt]).toEqual([2, NOW]);
    expect(topic.latest.of('billing')).toEqual([checkpoint(100, 50)]);
  });

  it('forgets what it said when it was made anew', async () => {
    const log = new MemoryLog();
    const topic = new CheckpointsTopic(log.reader());
    await topic.follow(signal);
    await topic.write([checkpoint(100, 50)], NOW, signal);
    log.records = [];

    await topic.follow(signal);

    expect(topic.newestAt).toBeUndefined();
    expect((await topic.write([checkpoint(100, 50)], NOW + 1, signal)).written).toBe(1);
  });

  it('leaves out what the format has no room for, and writes the others', async () => {
    const log = new MemoryLog();
    const topic = new CheckpointsTopic(log.reader());
    const long = checkpoint(1, 1, { partition: 1, metadata: 'm'.repeat(40_000) });

    const { written, unwritable } = await topic.write([long, checkpoint(100, 50)], NOW, signal);

    expect(written).toBe(1);
    expect(unwritable.map(({ code }) => code)).toEqual(['UNWRITABLE_MIRROR_RECORD']);
    expect(log.records.map(decodeCheckpoint)).toEqual([checkpoint(100, 50)]);
  });

  it('counts nothing as written that was not', async () => {
    const log = new MemoryLog();
    const topic = new CheckpointsTopic(log.reader());
    log.fault = new Error('no broker answers');
    await expect(topic.write([checkpoint(100, 50)], NOW, signal)).rejects.toThrow('no broker answers');
    log.fault = undefined;

    expect((await topic.write([checkpoint(100, 50)], NOW, signal)).written).toBe(1);
  });
});
