import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packVariable, unpackVariable } from '../../../../shared/adapters/lambda/packed-variable.ts';

test('what is packed comes back, and what was never packed does too', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const json = JSON.stringify(value);
      expect(unpackVariable(packVariable(json))).toBe(json);
      expect(unpackVariable(json)).toBe(json);
    }),
  );
});

test('anything else is refused', () => {
  expect(() => unpackVariable('not a flow')).toThrow();
});
