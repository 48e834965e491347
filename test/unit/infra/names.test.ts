import fc from 'fast-check';
import { expect, test } from 'vitest';
import { physicalName } from '../../../infra/flow/names.ts';

test('a name says what it is', () => {
  expect(physicalName('causeway', { source: 'us-east', target: 'us-west' }, 'replicate')).toBe(
    'causeway-us-east-to-us-west-replicate',
  );
});

test('any aliases make a name that Lambda and DynamoDB take, and its end says what it is', () => {
  const alias = fc.string({ minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(alias, alias, (source, target) => {
      const name = physicalName('causeway', { source, target }, 'offset-map');
      expect(name).toMatch(/^[a-zA-Z0-9-_]{3,64}$/);
      expect(name.endsWith('-offset-map')).toBe(true);
    }),
  );
});

test('no two flows share a name', () => {
  const alias = fc.stringMatching(/^(a|b|to|-){1,6}$/);
  const flow = fc.record({ source: alias, target: alias });
  fc.assert(
    fc.property(flow, flow, (one, other) => {
      const same = one.source === other.source && one.target === other.target;
      expect(physicalName('causeway', one, 'replicate') === physicalName('causeway', other, 'replicate')).toBe(same);
    }),
    { numRuns: 2_000 },
  );
});
