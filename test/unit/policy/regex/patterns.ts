import fc from 'fast-check';

const ATOMS = [
  ...[
    'a',
    'b',
    'c',
    'A',
    'é',
    '.',
    '\\.',
    '\\-',
    '[ab]',
    '[^a]',
    '[a-c&&[^b]]',
    '[a[bc]]',
    '\\w',
    '\\W',
    '\\d',
    '\\p{Alpha}',
  ],
  ...[
    '\\p{Lu}',
    '(?i)',
    '(?-i)',
    '(?s)',
    '^',
    '$',
    '\\z',
    '\\Q.*\\E',
    '\\x61',
    '\\0141',
    '\\h',
    '\\R',
    '[\\w&&[^a]]',
    '-',
    '\\1',
    '\\2',
  ],
];
/** A group and, sure to find it set, a reference to it. */
const REFERRING = ['(a)\\1', '(?<n>b)\\k<n>', '((a|b).)\\2', '(.)(?:\\1|c)'];
const BRACKETED = [
  'a',
  'b',
  'c',
  'z',
  'A',
  '-',
  '^',
  '&',
  '&&',
  '[',
  ']',
  '[^b]',
  '\\w',
  '\\d',
  '\\-',
  '.',
  '\\Q^\\E',
  'é',
];
const QUANTIFIERS = ['*', '+', '?', '{2}', '{1,2}', '{2,}', '*?', '+?', '??', '*+', '++', '?+', '{1,2}+', '**', '{,2}'];
const GROUPS = ['(', '(?:', '(?=', '(?!', '(?>', '(?<=', '(?<!', '(?i:', '(?<n>', '(?s-i:'];

/** Patterns of Java's grammar, and now and then something that is not. */
export const generatedPattern: fc.Arbitrary<string> = fc.letrec<{ pattern: string; branch: string; piece: string }>(
  (tie) => ({
    pattern: fc
      .array(tie('branch'), { minLength: 1, maxLength: 3, depthIdentifier: 'pattern' })
      .map((branches) => branches.join('|')),
    branch: fc
      .array(tie('piece'), { minLength: 1, maxLength: 4, depthIdentifier: 'pattern' })
      .map((pieces) => pieces.join('')),
    piece: fc
      .tuple(
        fc.oneof(
          { depthIdentifier: 'pattern', maxDepth: 3 },
          { arbitrary: fc.constantFrom(...ATOMS), weight: 40 },
          { arbitrary: fc.constantFrom(...REFERRING), weight: 1 },
          {
            arbitrary: fc
              .array(fc.constantFrom(...BRACKETED), { minLength: 1, maxLength: 5 })
              .map((members) => `[${members.join('')}]`),
            weight: 6,
          },
          {
            arbitrary: fc.tuple(fc.constantFrom(...GROUPS), tie('pattern')).map(([open, inner]) => `${open}${inner})`),
            weight: 12,
          },
        ),
        fc.option(fc.constantFrom(...QUANTIFIERS), { nil: '', freq: 2 }),
      )
      .map(([atom, quantifier]) => atom + quantifier),
  }),
).pattern;

/** Short strings of the characters that the patterns are about, and the pattern's own text. */
export function inputFor(pattern: string): fc.Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', 'B', '.', '-'), maxLength: 5 }), weight: 8 },
    { arbitrary: fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'é', '^', '&', '['), maxLength: 4 }), weight: 3 },
    { arbitrary: fc.constant(pattern), weight: 1 },
  );
}
