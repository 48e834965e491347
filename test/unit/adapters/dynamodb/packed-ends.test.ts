import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packEnds, unpackEnds } from '../../../../shared/adapters/dynamodb/packed-ends.ts';
import { sourceOffset } from '../../../../shared/flow/offset.ts';
import type { PartitionEnds, SeenEnd } from '../../../../shared/loss/source-ends.ts';
import { partitionEnds } from '../../loss/ends.ts';

const SAMPLES = 5;
const MOST = Number.MAX_SAFE_INTEGER;

/** Ends that never ascend from sample to older sample, with samples that do not tell of the partition. */
const seen = fc
  .tuple(
    fc.uniqueArray(fc.nat(SAMPLES - 1), { minLength: 1 }),
    fc.integer({ min: 0, max: MOST }),
    fc.array(fc.nat(9_999)),
  )
  .map(([samples, newest, steps]): PartitionEnds['seen'] => {
    let end = newest;
    const [first, ...older] = samples
      .sort((a, b) => a - b)
      .map((sample, index): SeenEnd => {
        end = Math.max(0, end - (index === 0 ? 0 : (steps[index] ?? 0)));
        return { sample, logEnd: sourceOffset(end) };
      });
    return [first ?? { sample: 0, logEnd: sourceOffset(0) }, ...older];
  });

const partitions = fc
  .uniqueArray(
    fc.record({
      topic: fc.constantFrom('orders', 'payments', 'x'.repeat(249)),
      partition: fc.nat(2 ** 31 - 1),
      seen,
      open: fc.nat(1_000),
      peak: fc.record({ current: fc.nat(), previous: fc.nat() }),
    }),
    { selector: ({ topic, partition }) => `${topic}-${partition}` },
  )
  .map((all) =>
    all
      .map(({ open, ...each }): PartitionEnds => {
        const committedEnd = sourceOffset(Math.max(0, each.seen[0].logEnd - open));
        return { ...each, topicId: `id of ${each.topic}`, committedEnd };
      })
      .sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition),
  );

describe('packed ends of a source', () => {
  it('are unpacked as they were', async () => {
    await fc.assert(
      fc.asyncProperty(partitions, async (all) => {
        expect(await unpackEnds(await packEnds(all, SAMPLES), SAMPLES)).toEqual(all);
      }),
    );
  });

  it('are refused when they are of another number of samples, or cut off', async () => {
    const packed = await packEnds(
      [
        partitionEnds('orders', 0, [
          [0, 9],
          [1, 4],
        ]),
      ],
      2,
    );
    await expect(unpackEnds(packed, 3)).rejects.toThrow(new RangeError('8 numbers are not 1 partitions of 3 samples'));
    await expect(unpackEnds(packed.subarray(0, packed.length - 4), 2)).rejects.toThrow();
  });

  it.each([
    [50, 900],
    [500, 7_500],
    [2_000, 28_000],
    [10_000, 125_000],
  ])('of %i partitions under load take less than %i bytes', async (count, most) => {
    const bytes = (await packEnds(underLoad(count), SAMPLES)).length;
    expect(bytes).toBeLessThan(most);
  });
});

/** 10 partitions a topic, offsets up to a hundred million, up to 500 records a second in each, never twice as many. */
function underLoad(count: number): PartitionEnds[] {
  const random = drawn(7);
  return Array.from({ length: count }, (_, index) => {
    const perSecond = Math.floor(random() * 500);
    let end = Math.floor(random() * 100_000_000) + 5_000;
    const seen = Array.from({ length: SAMPLES }, (_, sample): [number, number] => {
      const here = end;
      end -= Math.round(perSecond * (0.9 + random() * 0.2));
      return [sample, here];
    });
    const [newest = [0, 0], ...older] = seen;
    const peak = { current: Math.ceil(perSecond * 1.08), previous: Math.ceil(perSecond * 1.1) };
    const number = Math.floor(index / 10);
    const topicId = createHash('sha256').update(`${number}`).digest('base64url').slice(0, 22);
    return {
      ...partitionEnds(`team-${number % 7}.topic-${number}`, index % 10, [newest, ...older], { peak }),
      topicId,
    };
  });
}

/** Numbers from 0 to 1 that are the same on every run. */
function drawn(seed: number): () => number {
  let count = 0;
  return () => createHash('sha256').update(`${seed} ${count++}`).digest().readUInt32BE() / 2 ** 32;
}
