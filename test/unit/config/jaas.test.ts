import { describe, expect, test } from 'vitest';
import { parseJaas } from '../../../shared/config/security/jaas.ts';

describe('sasl.jaas.config', () => {
  test.each([
    [
      'a.b.Module required username="u" password="p";',
      [
        ['username', 'u'],
        ['password', 'p'],
      ],
    ],
    [
      'a.b.Module required username=\'u\' password="a\\"b;c";',
      [
        ['username', 'u'],
        ['password', 'a"b;c'],
      ],
    ],
    [
      'a.b.Module\n required\n username=u\n password=p ;',
      [
        ['username', 'u'],
        ['password', 'p'],
      ],
    ],
    ['software.amazon.msk.auth.iam.IAMLoginModule required;', []],
  ])('%s', (text, options) => {
    expect([...(parseJaas(text)?.options ?? [['none', '']])]).toEqual(options);
  });

  test.each(['', 'a.b.Module', 'a.b.Module required username="u"', 'a.b.Module required username="u;'])(
    '%s is no login module',
    (text) => {
      expect(parseJaas(text)).toBeUndefined();
    },
  );
});
