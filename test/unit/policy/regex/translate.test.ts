import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PatternRefusal } from '../../../../shared/policy/regex/refusal.ts';
import { translateJavaPattern } from '../../../../shared/policy/regex/translate.ts';
import { askJava, type PatternCase } from './java-pattern.ts';
import { generatedPattern, inputFor } from './patterns.ts';

function ours(pattern: string, inputs: readonly string[]): readonly boolean[] | string {
  try {
    const regexp = translateJavaPattern(pattern);
    return inputs.map((input) => regexp.test(input));
  } catch (error) {
    if (error instanceof PatternRefusal) return error.message;
    throw error;
  }
}

const NAMES = [
  'orders',
  'us-east.orders',
  'Orders',
  'ORDERS',
  'x',
  '',
  '.',
  '-',
  '_',
  '[',
  ']',
  '&',
  '^',
  '\\',
  '{',
  'a.b',
];
const SINGLES = Array.from({ length: 256 }, (_, cp) => String.fromCodePoint(cp)).concat(
  Array.from('ıİſKKÅåÅßẞςσΣǅǆǄᾳᾼ⅓日𝒳😀\u180e\u2028\u2029\u3000\u{10400}\u{10428}'),
);
const WORDS = [
  ...NAMES,
  ...SINGLES,
  'ab',
  'aa',
  'aab',
  'abab',
  'aba',
  'abc',
  'a-b',
  'a\n',
  'a\r\n',
  '\r\n',
  'a\r',
  'AB',
  'aB',
];

/** Patterns that must be honoured: everything a topic or group list is likely to hold, and the corners of each rule. */
const HONOURED = [
  ...['orders', 'or.*', '.*', '.*[\\-\\.]internal', '.*\\.replica', '__.*', 'console-consumer-.*', 'a|b|', '(?:a|b)+'],
  ...['us-east\\.(orders|payments)', '[a-z&&[^x]]', '[a-z&&[^bc]&&[^x]]', '[a-c[x-z]]', '[^a-c[x-z]]', '[^a-z&&[b]]'],
  ...[
    '[a&&b&&c]',
    '[a-z&&b[c]]',
    '[a-z&&^b]',
    '[a-z&&b[c]&&c]',
    '[]a]',
    '[^]a]',
    '[a-]',
    '[-a]',
    '[a^]',
    '[a&b]',
    '[&]',
  ],
  ...[
    '[a-[b]]',
    '[\\w-]',
    '[\\Qa-z\\E]',
    '[a-\\Qz\\E]',
    '\\Qa.b\\E',
    '\\Qa.b',
    '\\Q[\\E',
    '\\Qab\\E*',
    '[\\[\\]]',
    '\\\\',
  ],
  ...[
    '(?i)orders',
    '(?i)[a-z]',
    '(?i)[^a]',
    '(?i)[Z-a]',
    'a(?i)b',
    '(?i)a(?-i)b',
    '(?i:a)b',
    '(a(?i)b|c)b',
    'a|(?i)b|c',
  ],
  ...['(?iu)k', '(?iu)s', '(?iu)i', '(?iu)σ', '(?iu)å', '(?iu)[a-z]', '(?iu)ǆ', '(?iu)ß', '(?iu)ᾳ', '(?iu)İ', '(?iu)ı'],
  ...[
    '(?i)å',
    '(?u)k',
    '(?is)A.',
    '.',
    '(?s).',
    '(?d).',
    'a$',
    'a$\\n',
    'a\\Z',
    'a\\z',
    '\\Aa',
    '^a',
    'a.$',
    '(?d)a$\\n',
  ],
  ...[
    '\\h',
    '\\H',
    '\\v',
    '\\V',
    '\\R',
    '\\R\\n',
    'a\\R',
    '\\d',
    '\\D',
    '\\s',
    '\\S',
    '\\w',
    '\\W',
    '[\\h\\d]',
    '[^\\h\\d]',
  ],
  ...[
    '\\t',
    '\\x41',
    '\\x{1F600}',
    '\\u0041',
    '\\uD83D\\uDE00',
    '\\0101',
    '\\0377',
    '\\0400',
    '\\07',
    '\\e',
    '\\cA',
    '\\a',
  ],
  ...['\\p{Lower}', '\\p{Upper}', '\\p{ASCII}', '\\p{Alpha}', '\\p{Digit}', '\\p{Alnum}', '\\p{Punct}', '\\p{Graph}'],
  ...[
    '\\p{Print}',
    '\\p{Blank}',
    '\\p{Cntrl}',
    '\\p{XDigit}',
    '\\p{Space}',
    '\\P{Alpha}',
    '[^\\p{Alpha}]',
    '[\\p{Alpha}.]',
  ],
  ...[
    '\\pL',
    '\\p{Lu}',
    '\\p{IsL}',
    '\\p{IsAlphabetic}',
    '\\p{IsLatin}',
    '\\p{script=Greek}',
    '\\p{gc=Ll}',
    '\\p{L1}',
    '\\p{LD}',
  ],
  ...['\\p{IsUppercase}', '\\p{IsIdeographic}', '\\p{LC}', '\\p{Sc}', '\\p{Z}', '\\p{IsDigit}', '\\p{all}'],
  ...['a*+', 'a*+a', '(a|ab)*+', '(?:a|ab){2}+', '(?:a|ab){1,2}+', 'a?+a', 'a++b', '(?>a|ab)b', '(?>a|ab)', '(?>a*)ab'],
  ...['(a|b)\\1', '(?<x>a)\\k<x>', '(a)(b)\\1', '((a)b)\\2', '(?:(a)b\\1)*', '(a)\\10', '(.)\\1b', '((.).)\\1'],
  ...['(?=a).*', '(?!a).*', '.*(?<=b)', '.*(?<!b)', '(?!us-).*', '(?=a)*', '^*a', '(?<=^|a)b.*', '.*(?<=a{1,2}b)'],
  ...[
    'a{2}',
    'a{1,}',
    'a{0,1}b',
    'a{2}?',
    'a??',
    'a+?b',
    '}',
    'a}',
    ']',
    '-',
    '(|a)',
    '()',
    '(?i)',
    '(?:)*',
    '(?:a?)*b',
    '',
  ],
];

/** Java has to start, on a machine that may be busy with brokers. */
const JAVA_TIMEOUT_MS = 60_000;

describe('Java patterns that are honoured', { timeout: JAVA_TIMEOUT_MS }, () => {
  test('take the same names as in Java, for a table of every construct', () => {
    const cases = HONOURED.map((pattern) => ({ pattern, inputs: WORDS }));
    const java = askJava(cases);

    for (const [i, { pattern }] of cases.entries()) {
      expect(java[i], `Java takes ${pattern}`).not.toBe('refused');
      expect({ pattern, taken: taken(ours(pattern, WORDS)) }).toEqual({ pattern, taken: taken(java[i] ?? 'refused') });
    }
  });

  test('take the same names as in Java, for generated patterns; what Java refuses is refused', () => {
    const cases: PatternCase[] = fc
      .sample(generatedPattern, { numRuns: 4000, seed: 20_261_121 })
      .map((pattern) => ({ pattern, inputs: fc.sample(inputFor(pattern), { numRuns: 12, seed: 7 }) }));
    const java = askJava(cases);

    let honoured = 0;
    for (const [i, { pattern, inputs }] of cases.entries()) {
      const here = ours(pattern, inputs);
      if (typeof here === 'string' || java[i] === 'failed') continue;
      honoured += 1;
      expect({ pattern, inputs, answer: here }).toEqual({ pattern, inputs, answer: java[i] });
    }
    expect(honoured).toBeGreaterThan(1000);
  });
});

function taken(answer: readonly boolean[] | string): readonly string[] | string {
  return typeof answer === 'string' ? answer : WORDS.filter((_, i) => answer[i]);
}

describe('Java patterns that are refused', () => {
  test.each([
    ['(?m)^a', 0, 'names have one line'],
    ['(?x)a b', 0, 'comments in patterns'],
    ['(?U)\\w', 0, 'Unicode character classes'],
    ['a\\bb', 1, 'word boundaries differ between Java versions'],
    ['ab\\X', 2, '\\X is not an escape'],
    ['\\p{InGreek}', 0, 'no exact counterpart'],
    ['\\p{javaLowerCase}', 0, 'no exact counterpart'],
    ['\\p{Cn}', 0, 'no exact counterpart'],
    ['(?i)\\p{Lower}', 4, 'different Java versions'],
    ['(?:(a)|b)*\\1', 10, 'may not be set'],
    ['(a)?\\1', 4, 'may not be set'],
    ['\\1(a)', 0, 'no group 1'],
    ['(?i)(a)\\1', 7, 'back reference under (?i)'],
    ['(?<=a*)b', 5, 'obvious maximum length'],
    ['(?<=(a))b', 4, 'capturing group in a look-behind'],
    ['[a-z&&]', 6, 'one side of && is empty'],
    ['[&&a]', 1, 'one side of && is empty'],
    ['[a&&[b]c&&d]', 8, 'in its own way'],
    ['[a&&&b]', 4, 'Java reads &&& in its own way'],
    ['[\\d-z]', 1, 'a range cannot begin'],
    ['[z-a]', 1, 'runs backwards'],
    ['[a', 0, 'not closed'],
    ['(a', 0, 'not closed'],
    ['a)', 1, 'closes nothing'],
    ['*a', 0, 'nothing for * to repeat'],
    ['a**', 2, 'nothing for * to repeat'],
    ['{a', 0, 'must be escaped'],
    ['a{1', 1, 'not closed or not a number'],
    ['a{2,1}', 1, 'runs backwards'],
    ['a\\', 1, 'escapes nothing'],
    ['\\y', 0, '\\y is not an escape'],
    ['\\xg', 0, 'hexadecimal'],
    ['\\ud83d', 0, 'half a surrogate pair'],
    ['(?<1a>b)', 0, 'no valid name'],
    ['(?<a>b)(?<a>c)', 7, 'two groups are named a'],
    ['(?q)a', 0, 'no flag of Java'],
  ])('%s at %i: %s', (pattern, position, reason) => {
    const refused = expect.objectContaining({ position, message: expect.stringContaining(reason) });
    expect(() => translateJavaPattern(pattern)).toThrow(refused);
  });
});
