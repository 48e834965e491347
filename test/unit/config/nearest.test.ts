import { describe, expect, test } from 'vitest';
import { editDistance, nearest } from '../../../shared/config/nearest.ts';

describe('the nearest known key', () => {
  test.each([
    ['topics', 'topics', 0],
    ['topcis', 'topics', 1],
    ['topic', 'topics', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('%s is %s after %i changes', (a, b, changes) => {
    expect(editDistance(a, b)).toBe(changes);
    expect(editDistance(b, a)).toBe(changes);
  });

  test('is given when it takes few changes, and otherwise none', () => {
    const keys = ['topics', 'groups', 'emit.checkpoints.enabled'];

    expect(nearest('topcis', keys)).toBe('topics');
    expect(nearest('emit.checkpoint.enable', keys)).toBe('emit.checkpoints.enabled');
    expect(nearest('owner', keys)).toBeUndefined();
    expect(nearest('x', keys)).toBeUndefined();
  });
});
