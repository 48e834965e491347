import { afterAll, describe, expect, test } from 'vitest';
import { exploreBySeed } from '../../simulator/explore.ts';
import { LETTERS } from '../../simulator/invariants.ts';
import { mutantOf, removeMutants } from '../../simulator/mutant.ts';
import { mutations } from '../../simulator/mutations.ts';
import { withoutStackTraces } from './without-stack-traces.ts';

const MOST_SEEDS = 10_000;
const CONTROLS = 1_000;

withoutStackTraces();
afterAll(removeMutants);

describe.each(mutations)('$name', ({ name, patches = [], flaws, settings, scenario, firstSeed = 0, breaks }) => {
  const unchecked = [...LETTERS].filter((letter) => !breaks.includes(letter)).join('');

  test('breaks an invariant', { timeout: 60_000 }, async () => {
    const core = await mutantOf(name, patches);
    const mutated = { ...scenario, settings: { ...scenario.settings, ...settings } };

    const { finding } = await exploreBySeed(mutated, {
      most: MOST_SEEDS,
      firstSeed,
      core,
      flaws: { ...flaws, unchecked },
    });

    expect(breaks, `${finding?.message} at seed ${finding?.seed}`).toContain(finding?.letter);
  });

  test('and as it is, nothing breaks', { timeout: 60_000 }, async () => {
    const { finding } = await exploreBySeed(scenario, { most: CONTROLS, firstSeed });

    expect(finding?.message).toBeUndefined();
  });
});

test('a mutation whose place in the code is gone is told', async () => {
  const patch = { file: 'append/append.ts', is: 'what never stood there', becomes: '' };

  await expect(mutantOf('no such place', [patch])).rejects.toThrow('stands 0 times in shared/append/append.ts');
});
