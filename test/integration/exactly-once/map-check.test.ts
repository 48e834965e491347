import { describe, expect, it } from 'vitest';
import { checkMap, type MapUnderTest } from './map-check.ts';

/** Two runs with a hole of two on the source and a marker on the target: 5..7 at 0..2, 10..11 at 4..5. */
const pairs = [
  { source: 5, target: 0 },
  { source: 6, target: 1 },
  { source: 7, target: 2 },
  { source: 10, target: 4 },
  { source: 11, target: 5 },
];

const right: MapUnderTest = {
  forward: (offset) => find(offset, [5, 6, 7, 10, 11], [0, 1, 2, 4, 5], 6),
  backward: (offset) => find(offset, [0, 1, 2, 4, 5], [5, 6, 7, 10, 11], 12),
};

function find(offset: number, from: number[], to: number[], end: number) {
  const found = to[from.findIndex((each) => each >= offset)];
  return found === undefined ? { offset: end, clamped: true } : { offset: found, clamped: false };
}

describe('The check of a map', () => {
  it('accepts the first copied record at or after each offset, in holes and past the end too', () => {
    expect(checkMap(pairs, right)).toEqual({ translated: 14 + 8, wrong: [] });
  });

  it('finds one offset that is off by one', () => {
    const map = { ...right, forward: (o: number) => (o === 10 ? { offset: 5, clamped: false } : right.forward(o)) };
    expect(checkMap(pairs, map).wrong).toEqual(['forward 10: 5 instead of 4']);
  });

  it('finds an end that is not flagged', () => {
    const map = { ...right, backward: (o: number) => ({ ...right.backward(o), clamped: false }) };
    expect(checkMap(pairs, map).wrong).toEqual(['backward 6: 12 instead of 12', 'backward 7: 12 instead of 12']);
  });
});
