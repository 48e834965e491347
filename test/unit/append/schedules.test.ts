import { describe, expect, test } from 'vitest';
import { exploreAll, exploreBySeed, replay } from '../../simulator/explore.ts';
import { exhaustive } from '../../simulator/scenarios/exhaustive.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import { withoutStackTraces } from './without-stack-traces.ts';

const SEEDS = 1_500;
const MOST = 5_000;

withoutStackTraces();

describe('no invariant is broken, and redelivery always ends, with', () => {
  test.each(scenarios)('$name', { timeout: 60_000 }, async (scenario) => {
    const { finding, distinct } = await exploreBySeed(scenario, { most: SEEDS });

    expect(finding && [finding.message, ...(await replay(scenario, finding.taken))].join('\n')).toBeUndefined();
    expect(distinct).toBeGreaterThan(SEEDS * 0.95);
  });

  test.each(exhaustive)('$name', { timeout: 60_000 }, async (scenario) => {
    const { finding, schedules, complete } = await exploreAll(scenario, { most: MOST });

    expect(finding && [finding.message, ...(await replay(scenario, finding.taken))].join('\n')).toBeUndefined();
    expect(complete || schedules === MOST).toBe(true);
  });
});

test('a schedule is the same each time it is run', async () => {
  const [scenario] = scenarios;
  if (!scenario) throw new Error('no scenario');
  const options = { most: 50, firstSeed: 7 };

  const [once, again] = [await exploreBySeed(scenario, options), await exploreBySeed(scenario, options)];

  expect(again).toEqual(once);
});
