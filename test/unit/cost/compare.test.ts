import { describe, expect, test } from 'vitest';
import { compare, rangesAbove } from '../../../shared/cost/compare.ts';
import { estimate } from '../../../shared/cost/estimate.ts';
import { variantsOf } from '../../../shared/cost/variants.ts';
import { question } from './question.ts';

describe('where lines cross', () => {
  test('what is saved at first and not later is saved below the crossing', () => {
    expect(rangesAbove((tb) => 20 - 2 * tb)).toEqual([{ from: undefined, to: expect.closeTo(10, 6) }]);
  });

  test('what is saved later and not at first is saved above it', () => {
    expect(rangesAbove((tb) => 2 * tb - 20)).toEqual([{ from: expect.closeTo(10, 6), to: undefined }]);
  });

  test('lines may cross twice, or not at all', () => {
    expect(rangesAbove((tb) => (tb - 1) * (100 - tb))).toEqual([
      { from: expect.closeTo(1, 6), to: expect.closeTo(100, 6) },
    ]);
    expect(rangesAbove(() => 1)).toEqual([{ from: undefined, to: undefined }]);
    expect(rangesAbove(() => -1)).toEqual([]);
  });
});

describe('the comparison', () => {
  test('says what each peer costs, and is even where the lines cross', () => {
    const asked = question({ tbPerMonth: 10 });
    const [replicator] = compare(asked);

    expect(replicator).toMatchObject({ peer: 'MSK Replicator', usdPerMonth: expect.closeTo(1_219, 6) });
    expect(replicator?.savedUsdPerMonth).toBeCloseTo(1_219 - estimate(asked).usdPerMonth, 6);
    for (const { from, to } of replicator?.cheaper ?? [])
      for (const crossing of [from, to]) {
        if (crossing === undefined) continue;
        const { usdPerMonth, peers } = estimate({ ...asked, workload: { ...asked.workload, tbPerMonth: crossing } });
        expect(peers[0]?.usdPerMonth).toBeCloseTo(usdPerMonth, 2);
      }
  });

  test('names the lines that make it cheaper, what saves most first, and none that are there already', () => {
    const small = { tbPerMonth: 1, topics: 10, partitions: 60 };
    const variants = variantsOf(question(small, { batchingWindowSeconds: 0 }));

    const [best, ...others] = variants;
    expect(best?.lines).toEqual(['causeway.batching.window.seconds = 10', 'causeway.pollers.mode = on-demand']);
    expect(best?.comparisons.map(({ peer }) => peer)).toEqual(['MSK Replicator', 'MirrorMaker 2 on MSK Connect']);
    expect(others.every(({ comparisons }) => comparisons.length === 0)).toBe(true);
    const costs = variants.map(({ usdPerMonth }) => usdPerMonth);
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    const none = { minimumPollers: undefined, batchingWindowSeconds: 10, topicsMeasured: 0 };
    expect(variantsOf(question(small, none))).toEqual([]);
  });

  test('names a group of pollers for as many topics as it takes, and not for more', () => {
    const namesGroup = (topics: number) =>
      variantsOf(question({ tbPerMonth: 1, topics, partitions: topics }))
        .flatMap(({ lines }) => lines)
        .includes('causeway.pollers.group = causeway');

    expect(namesGroup(100)).toBe(true);
    expect(namesGroup(101)).toBe(false);
  });
});
