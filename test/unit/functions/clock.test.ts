import { expect, test } from 'vitest';
import { clockOf } from '../../../functions/clock.ts';

/** A machine whose timers fire so many ms early, or late where that is negative. */
function machine(firesEarlyMs: readonly number[]) {
  const early = firesEarlyMs.values();
  const pauses: number[] = [];
  let now = 1_000;
  const clock = clockOf(
    () => now,
    async (ms) => {
      pauses.push(ms);
      now += ms - (early.next().value ?? 0);
    },
  );
  return { clock, pauses, set: (to: number) => (now = to) };
}

test('a wait whose timer fired early goes on until the time is there', async () => {
  const { clock, pauses } = machine([2, 1, 0]);

  await clock.wait(500);

  expect(clock.now()).toBe(1_500);
  expect(pauses).toEqual([500, 1, 1, 1]);
});

test('a wait whose timer was on time or late ends with it', async () => {
  const { clock, pauses } = machine([0, -40]);

  await clock.wait(500);
  await clock.wait(500);

  expect(clock.now()).toBe(2_040);
  expect(pauses).toEqual([500, 500]);
});

test('a clock that was set back meanwhile is not waited for', async () => {
  const { clock, pauses } = machine([3_600_000]);

  await clock.wait(500);

  expect(pauses).toEqual([500]);
});
