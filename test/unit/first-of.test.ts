import { expect, test } from 'vitest';
import { firstInWords, firstOf } from '../../shared/first-of.ts';

test('what is left out of a list is counted', () => {
  expect(firstOf(['a', 'b', 'c'], 2)).toEqual(['a', 'b', 'and 1 more']);
  expect(firstOf(['a', 'b'], 2)).toEqual(['a', 'b']);
  expect(firstOf([], 2)).toEqual([]);
});

test('and in a sentence', () => {
  expect(firstInWords([7, 8, 9, 10], 2)).toBe('7, 8 and 2 more');
  expect(firstInWords(['a', 'b'], 2)).toBe('a, b');
  expect(firstInWords(['a'], 2)).toBe('a');
});
