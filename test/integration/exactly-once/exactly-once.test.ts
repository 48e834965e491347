import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Breakage } from './breakages.ts';
import { kinds } from './kinds.ts';
import { faultLines, figuresOf, tableOf } from './report.ts';
import { runSchedules } from './run.ts';
import { World } from './world.ts';

/** One schedule of each kind; `npm run bench -- exactly-once --seed N --schedules 1` plays one again, and without 500. */
const SEEDS = kinds.map((_, seed) => seed);

const ALL_MS = 300_000;
const BROKEN_MS = 120_000;

/** Several times what it takes on two idle cores. */
const WITHIN_MS = 240_000;

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

/** Seeds of the named kinds, the first of each. */
function seedsOf(count: number, ...names: string[]): number[] {
  return names.flatMap((name) => {
    const index = kinds.findIndex((kind) => kind.name === name);
    if (index < 0) throw new RangeError(`no kind "${name}"`);
    return Array.from({ length: count }, (_, round) => 1_000 * kinds.length + round * kinds.length + index);
  });
}

describe('Replication on real brokers', { timeout: WITHIN_MS }, () => {
  it(
    'copies every record once and in order, and translates every offset, whatever happens meanwhile',
    async () => {
      const verdicts = await runSchedules(world, { seeds: SEEDS, name: 'test', brokersToLose: 1 });
      console.log(`seeds ${SEEDS[0]} to ${SEEDS.at(-1)}\n${tableOf(verdicts)}`);
      expect(faultLines(verdicts)).toEqual([]);
      expect(verdicts).toHaveLength(SEEDS.length);
      expect(figuresOf('all', verdicts)).toMatchObject({ lost: 0, duplicated: 0, reordered: 0, mistranslated: 0 });
    },
    ALL_MS,
  );
});

describe('The oracle, of code that was broken on purpose,', { timeout: WITHIN_MS }, () => {
  const run = async (breakage: Breakage, ...names: string[]) =>
    figuresOf(breakage, await runSchedules(world, { seeds: seedsOf(3, ...names), name: breakage, breakage }));

  it(
    'finds records twice when batches carry no sequences',
    async () => {
      expect((await run('no-sequences', 'crash after append', 'twice at once')).duplicated).toBeGreaterThan(0);
    },
    BROKEN_MS,
  );

  it(
    'finds records missing when an acknowledgement is not waited for',
    async () => {
      expect((await run('false-acknowledgements', 'same batch twice')).lost).toBeGreaterThan(0);
    },
    BROKEN_MS,
  );

  it(
    'finds what goes wrong when HEAD is written whatever its version is',
    async () => {
      const { failedSeeds } = await run('unconditional-writes', 'twice at once', 'stale environment');
      expect(failedSeeds.length).toBeGreaterThan(0);
    },
    BROKEN_MS,
  );

  it(
    'finds offsets mistranslated when runs are stored one off',
    async () => {
      expect((await run('runs-off-by-one', 'source cut by retention')).mistranslated).toBeGreaterThan(0);
    },
    BROKEN_MS,
  );
});
