import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Interval } from '../../../shared/schedule/interval.ts';
import { repeatUntil } from '../../../shared/schedule/repeat.ts';
import { VirtualClock } from './virtual-clock.ts';

const START = 1_700_000_000_000;

/** Runs of a minute that follow each other, and when the work of each began, s after the first. */
async function runs(intervalMs: number, begins: readonly number[], workMs: (at: number) => number) {
  const clock = new VirtualClock(START);
  const interval = new Interval(intervalMs);
  const begun: number[] = [];
  for (const at of begins) {
    if (clock.now() < START + at) clock.pass(START + at - clock.now());
    await repeatUntil(clock, START + at + 60_000, {
      nextAt: () => interval.nextAt,
      work: async () => {
        const now = clock.now();
        interval.begin(now);
        begun.push((now - START) / 1_000);
        clock.pass(workMs(now - START));
      },
      failed: () => {},
    });
  }
  return begun;
}

describe('work that is repeated for a minute by each invocation', () => {
  it('goes on its grid from one invocation to the next', async () => {
    const begun = await runs(5_000, [0, 60_000], () => 300);
    expect(begun).toEqual(Array.from({ length: 24 }, (_, i) => i * 5));
  });

  it('does not begin while an interval longer than a minute lasts', async () => {
    expect(await runs(150_000, [0, 60_000, 120_000, 180_000], () => 10)).toEqual([0, 150]);
  });

  it('leaves out what was missed by work that took longer, and is not late for good', async () => {
    const begun = await runs(5_000, [0], (at) => (at === 10_000 ? 7_000 : 100));
    expect(begun).toEqual([0, 5, 10, 17, 20, 25, 30, 35, 40, 45, 50, 55]);
  });

  it('never begins twice within its interval but for what was late, nor after the minute', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 90 }),
        fc.array(fc.nat(3_000), { maxLength: 200 }),
        async (s, took) => {
          const lateness = took.values();
          const begun = await runs(s * 1_000, [0, 60_000, 120_000], () => lateness.next().value ?? 0);
          expect(begun.length).toBeGreaterThan(0);
          expect(begun.at(-1)).toBeLessThan(180 + 3);
          for (const [i, at] of begun.entries()) if (i > 0) expect(at).toBeGreaterThan(begun[i - 1] ?? 0);
          expect(begun.length).toBeLessThanOrEqual(Math.ceil(180 / s) + 1);
        },
      ),
    ));

  it('is told each failure, goes on, and fails when the last one did', async () => {
    const clock = new VirtualClock(START);
    const interval = new Interval(20_000);
    const failures: unknown[] = [];
    let times = 0;
    const run = repeatUntil(clock, START + 60_000, {
      nextAt: () => interval.nextAt,
      work: async () => {
        interval.begin(clock.now());
        if (++times !== 2) throw new Error(`time ${times}`);
      },
      failed: (error) => failures.push(error),
    });
    await expect(run).rejects.toThrow('time 3');
    expect(failures.map(String)).toEqual(['Error: time 1', 'Error: time 3']);
  });
});
