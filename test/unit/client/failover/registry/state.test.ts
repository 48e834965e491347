import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beforeFirstRun,
  parseRegistryState,
  type RegistryState,
  succeeds,
} from '../../../../../shared/client/failover/registry/state.ts';

const state = (changes: Partial<RegistryState> = {}): RegistryState => ({
  active: 'us-east',
  clients: 'serving',
  generation: 3,
  changedAt: 1_000,
  ...changes,
});

describe('a state of the registry', () => {
  test('is what an entry holds for applications, whatever else is in it', () => {
    const entry = { pk: 'us-east->us-west', sk: 'STATE', version: 7, run: { kind: 'switchover' }, ...state() };

    expect(parseRegistryState(entry)).toEqual(state());
  });

  test.each([
    ['no object', 'us-east'],
    ['without a cluster', { ...state(), active: '' }],
    ['in a state that is none', { ...state(), clients: 'paused' }],
    ['of no generation', { ...state(), generation: -1 }],
  ])('is not one: %s', (_, entry) => {
    expect(() => parseRegistryState(entry)).toThrow();
  });

  test('before the first run is that applications are at home', () => {
    expect(beforeFirstRun('us-east')).toEqual({ active: 'us-east', clients: 'serving', generation: 0, changedAt: 0 });
  });
});

describe('a state succeeds another', () => {
  test.each([
    [{ generation: 4, changedAt: 0 }, true],
    [{ generation: 2, changedAt: 9_999 }, false],
    [{ changedAt: 1_001 }, true],
    [{ changedAt: 1_000, clients: 'producers-fenced' } as const, true],
    [{ changedAt: 999 }, false],
  ])('of generation 3 at 1000: %j: %s', (next, expected) => {
    expect(succeeds(state(next), state())).toBe(expected);
  });

  test('so that the newest of any order of readings is the last one', () => {
    const states = fc.array(
      fc.record({ generation: fc.nat(5), changedAt: fc.nat(5) }).map((each) => state(each)),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(states, (read) => {
        const [first = state(), ...rest] = read;
        const last = rest.reduce((known, next) => (succeeds(next, known) ? next : known), first);
        for (const each of read) expect(succeeds(last, each)).toBe(true);
      }),
    );
  });
});
