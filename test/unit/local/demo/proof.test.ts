import { describe, expect, test } from 'vitest';
import { compareOrder, holds, provePartition } from '../../../../local/demo/proof.ts';
import { percentile } from '../../../../local/demo/view.ts';

const log = (...identities: string[]) => identities.map((identity, offset) => ({ offset, identity }));
const exact = { forward: (offset: number) => offset, backward: (offset: number) => offset };

describe('the proof of the demo', () => {
  test('finds nothing wrong with an exact copy', () => {
    const proof = provePartition('t-0', log('a', 'b', 'b', 'c'), log('a', 'b', 'b', 'c'), exact, 1);

    expect(holds(proof)).toBe(true);
    expect(proof.translated).toBe(8);
  });

  test('counts a record that is missing', () => {
    expect(compareOrder(log('a', 'b', 'b'), log('a', 'b'))).toEqual({ lost: 1, duplicated: 0, reordered: 0 });
  });

  test('counts a record that is there once too often', () => {
    expect(compareOrder(log('a', 'b'), log('a', 'b', 'b'))).toEqual({ lost: 0, duplicated: 1, reordered: 0 });
  });

  test('counts records that changed places', () => {
    expect(compareOrder(log('a', 'b', 'c'), log('a', 'c', 'b'))).toEqual({ lost: 0, duplicated: 0, reordered: 2 });
  });

  test('counts a wrong translation in either direction', () => {
    const forwardOff = { ...exact, forward: (offset: number) => offset + 1 };
    const backwardOff = { ...exact, backward: () => 0 };

    expect(provePartition('t-0', log('a', 'b'), log('a', 'b'), forwardOff, 1).mistranslated).toBe(2);
    expect(provePartition('t-0', log('a', 'b'), log('a', 'b'), backwardOff, 1).mistranslated).toBe(1);
  });
});

describe('percentile', () => {
  test('is the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);

    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([], 0.5)).toBeUndefined();
  });
});
