import { expect, it } from 'vitest';
import { outcomeLine, outcomeOfProgram, outcomeOfTests, total } from '../../../../local/setup/outcome.ts';

it('counts a linter as one check', () => {
  expect(outcomeOfProgram(0)).toEqual({ passed: 1, failed: 0 });
  expect(outcomeOfProgram(2)).toEqual({ passed: 0, failed: 1 });
});

it('takes over what the tests counted', () => {
  expect(outcomeOfTests({ passed: 12, failed: 0 }, 0)).toEqual({ passed: 12, failed: 0 });
  expect(outcomeOfTests({ passed: 12, failed: 3 }, 1)).toEqual({ passed: 12, failed: 3 });
});

it('counts a run as failed that says so by its exit code alone', () => {
  expect(outcomeOfTests({ passed: 12, failed: 0 }, 1)).toEqual({ passed: 12, failed: 1 });
});

it('counts a run as failed that ran nothing or was cut short before it counted', () => {
  expect(outcomeOfTests({ passed: 0, failed: 0 }, 0)).toEqual({ passed: 0, failed: 1 });
  expect(outcomeOfTests(undefined, 0)).toEqual({ passed: 0, failed: 1 });
  expect(outcomeOfTests(undefined, 134)).toEqual({ passed: 0, failed: 1 });
});

it('sums up everything that was run in one line', () => {
  const outcome = total([
    { passed: 1, failed: 0 },
    { passed: 0, failed: 1 },
    { passed: 194, failed: 3 },
  ]);

  expect(outcomeLine(outcome)).toBe('195 passed, 4 failed');
});
