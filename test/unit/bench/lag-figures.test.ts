import { describe, expect, test } from 'vitest';
import { type LagSample, lagFigures } from '../../../bench/lag-figures.ts';

const LEVEL: LagSample = {
  ...{ records: 0, seconds: 0, windowMs: 10 },
  counted: { least: 0, most: 0 },
  aged: { least: 0, most: 0 },
};
const BEHIND: LagSample = {
  ...{ records: 1_000, seconds: 2, windowMs: 100 },
  counted: { least: 995, most: 1_005 },
  aged: { least: 1.9, most: 2 },
};

describe('the lag is within the bars', () => {
  test('where it lies between two countings that are close together', () => {
    expect(lagFigures('load', [BEHIND, LEVEL], BEHIND)).toMatchObject({
      ...{ within: true, recordsOff: 5, recordsBeyond: 0, windowMs: 0 },
    });
  });

  test('where the countings differ by more than a hundredth, but within a second', () => {
    const coarse = { ...BEHIND, counted: { least: 700, most: 1_300 }, windowMs: 900 };
    expect(lagFigures('catch-up', [coarse], BEHIND)).toMatchObject({ within: true, recordsOff: 300, windowMs: 900 });
  });
});

describe('the lag is not within the bars', () => {
  test.each<[string, 'load' | 'rest', LagSample, LagSample]>([
    ['where it lies beyond what was counted', 'load', { ...BEHIND, records: 994 }, BEHIND],
    ['where the age is a second off', 'load', { ...BEHIND, seconds: 3.1 }, BEHIND],
    [
      'where the countings tell nothing',
      'load',
      { ...BEHIND, counted: { least: 0, most: 5_000 }, windowMs: 1_001 },
      BEHIND,
    ],
    ['where monitor publishes another', 'load', BEHIND, { ...BEHIND, records: 2_000 }],
    ['where it is not exact at rest', 'rest', { ...LEVEL, counted: { least: 0, most: 1 } }, LEVEL],
    ['where monitor is not exact at rest', 'rest', LEVEL, { ...LEVEL, records: 1 }],
  ])('%s', (_, phase, sample, published) => {
    expect(lagFigures(phase, [sample], published).within).toBe(false);
  });

  test('where nothing was looked at', () => {
    expect(lagFigures('load', [], BEHIND).within).toBe(false);
  });
});
