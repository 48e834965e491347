import { describe, expect, test } from 'vitest';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { type Checkpoint, encodeCheckpoint } from '../../../shared/mm2/checkpoint.ts';
import { LatestCheckpoints } from '../../../shared/mm2/latest-checkpoints.ts';

function checkpoint(upstream: number, downstream: number, of: Partial<Checkpoint> = {}): Checkpoint {
  const offsets = { upstreamOffset: sourceOffset(upstream), downstreamOffset: targetOffset(downstream) };
  return { group: 'billing', topic: 'us-east.orders', partition: 3, ...offsets, metadata: '', ...of };
}

function having(...written: readonly Checkpoint[]): LatestCheckpoints {
  const latest = new LatestCheckpoints();
  for (const each of written) latest.written(each);
  return latest;
}

describe('a checkpoint is due', () => {
  test.each([
    ['when there was none', [], checkpoint(100, 50), true],
    ['when the group went on, and its translation with it', [checkpoint(100, 50)], checkpoint(110, 60), true],
    ['when the translation got better', [checkpoint(100, 50)], checkpoint(100, 51), true],
    ['when the group went back upstream', [checkpoint(100, 50)], checkpoint(90, 40), true],
    ['when the group went back, and its translation did not', [checkpoint(100, 50)], checkpoint(99, 50), true],
    ['not when nothing changed', [checkpoint(100, 50)], checkpoint(100, 50), false],
    ['not when only the metadata changed', [checkpoint(100, 50)], checkpoint(100, 50, { metadata: 'm' }), false],
    ['not when the group went on without its translation', [checkpoint(100, 50)], checkpoint(110, 50), false],
    ['not when the translation went back without the group', [checkpoint(100, 50)], checkpoint(110, 49), false],
    ['when the one before was of another partition', [checkpoint(100, 50, { partition: 4 })], checkpoint(1, 1), true],
    ['when the one before was of another topic', [checkpoint(100, 50, { topic: 'orders' })], checkpoint(1, 1), true],
    ['when the one before was of another group', [checkpoint(100, 50, { group: 'b' })], checkpoint(1, 1), true],
    ['by the last one alone', [checkpoint(100, 50), checkpoint(10, 5)], checkpoint(11, 6), true],
  ])('%s', (_, before, next, due) => {
    expect(having(...before).due([next])).toEqual(due ? [next] : []);
  });

  test('until it was written', () => {
    const latest = having();
    const next = checkpoint(100, 50);

    expect(latest.due([next])).toEqual([next]);
    expect(latest.due([next])).toEqual([next]);
    latest.written(next);
    expect(latest.due([next])).toEqual([]);
  });
});

describe('a checkpoints topic', () => {
  test('is what the memory begins with', () => {
    const latest = new LatestCheckpoints();
    for (const each of [checkpoint(100, 50), checkpoint(7, 7, { group: 'audit' }), checkpoint(120, 70)])
      expect(latest.read(encodeCheckpoint(each))).toBeUndefined();

    expect(latest.of('billing')).toEqual([checkpoint(120, 70)]);
    expect([...latest.groups()]).toEqual(['billing', 'audit']);
    expect(latest.due([checkpoint(120, 70), checkpoint(121, 71)])).toEqual([checkpoint(121, 71)]);
  });

  test('may hold foreign records, which are named and passed over', () => {
    const latest = new LatestCheckpoints();
    const wrong = latest.read({ key: Buffer.from('billing'), value: Buffer.from('{"offset":1}') });

    expect(wrong?.message).toContain('value.version is 31522');
    expect([...latest.groups()]).toEqual([]);
  });

  test('may hold a tombstone, which takes the checkpoint away', () => {
    const latest = having(checkpoint(100, 50), checkpoint(100, 50, { partition: 4 }));
    const { key } = encodeCheckpoint(checkpoint(100, 50));

    expect(latest.read({ key, value: null })).toBeUndefined();
    expect(latest.of('billing').map(({ partition }) => partition)).toEqual([4]);
    expect(latest.read({ key: encodeCheckpoint(checkpoint(1, 1, { partition: 4 })).key, value: null })).toBeUndefined();
    expect([...latest.groups()]).toEqual([]);
    expect(latest.read({ key, value: null })).toBeUndefined();
  });
});
