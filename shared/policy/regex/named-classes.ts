import type { CaseMode } from './case-folding.ts';

/** Sources of JavaScript character classes (`v` flag) with the meaning that Java gives the letter after a backslash. */
const LETTERS: Readonly<Record<string, string>> = {
  d: '[0-9]',
  w: '[a-zA-Z_0-9]',
  s: '[\\u{20}\\t\\n\\u{b}\\f\\r]',
  h: '[\\t\\u{20}\\u{a0}\\u{1680}\\u{180e}\\u{2000}-\\u{200a}\\u{202f}\\u{205f}\\u{3000}]',
  v: '[\\n\\u{b}\\f\\r\\u{85}\\u{2028}\\u{2029}]',
};

/** Java's POSIX names: US-ASCII only. */
const POSIX: Readonly<Record<string, string>> = {
  Lower: '[a-z]',
  Upper: '[A-Z]',
  ASCII: '[\\u{0}-\\u{7f}]',
  Alpha: '[a-zA-Z]',
  Digit: '[0-9]',
  Alnum: '[a-zA-Z0-9]',
  Punct: '[\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}]',
  Graph: '[\\u{21}-\\u{7e}]',
  Print: '[\\u{20}-\\u{7e}]',
  Blank: '[\\u{20}\\t]',
  Cntrl: '[\\u{0}-\\u{1f}\\u{7f}]',
  XDigit: '[0-9a-fA-F]',
  Space: '[\\t-\\r\\u{20}]',
};

/** General categories whose members do not depend on which code points a Unicode version has yet to assign. */
const CATEGORIES = new Set([
  ...['L', 'M', 'N', 'P', 'S', 'Z', 'LC', 'Lu', 'Ll', 'Lt', 'Lm', 'Lo', 'Mn', 'Mc', 'Me', 'Nd', 'Nl', 'No'],
  ...['Pc', 'Pd', 'Ps', 'Pe', 'Pi', 'Pf', 'Po', 'Sm', 'Sc', 'Sk', 'So', 'Zs', 'Zl', 'Zp', 'Cc', 'Cf', 'Co'],
]);

const OTHER_NAMES: Readonly<Record<string, string>> = {
  L1: '[\\u{0}-\\u{ff}]',
  LD: '[\\p{L}\\p{Nd}]',
  all: '[\\u{0}-\\u{10ffff}]',
};

/** What `Is...` names besides categories and scripts, by the name in upper case. */
const BINARY: Readonly<Record<string, string>> = {
  ALPHABETIC: '\\p{Alphabetic}',
  LETTER: '\\p{L}',
  LOWERCASE: '\\p{Lowercase}',
  UPPERCASE: '\\p{Uppercase}',
  IDEOGRAPHIC: '\\p{Ideographic}',
  DIGIT: '\\p{Nd}',
};

const CASED = /^(?:Lower|Upper|Lu|Ll|Lt|LC|(?:Is)?(?:lowercase|uppercase|titlecase))$/i;

/** The class for `\d`, `\W`, `\h`, ...; undefined if the letter names none. */
export function letterClass(letter: string): string | undefined {
  const source = LETTERS[letter.toLowerCase()];
  return source === undefined || letter === letter.toLowerCase() ? source : `[^${source}]`;
}

/** The class for `\p{name}`, or a sentence that says why there is none. */
export function propertyClass(
  name: string,
  mode: CaseMode,
): { readonly source: string } | { readonly refused: string } {
  if (mode !== 'exact' && CASED.test(name))
    return { refused: `\\p{${name}} under (?i) means different things in different Java versions` };
  const posix = POSIX[name] ?? OTHER_NAMES[name];
  if (posix !== undefined) return { source: posix };
  if (CATEGORIES.has(name)) return { source: `\\p{${name}}` };
  const [, property, value] = /^(\w+)=(\w+)$/.exec(name) ?? [];
  if (property !== undefined && value !== undefined) return keyed(property.toLowerCase(), value, name);
  if (name.startsWith('Is')) return isProperty(name.slice(2), name);
  return unknown(name);
}

function keyed(property: string, value: string, name: string): { source: string } | { refused: string } {
  if (property === 'sc' || property === 'script') return script(value, name);
  if ((property === 'gc' || property === 'general_category') && CATEGORIES.has(value))
    return { source: `\\p{${value}}` };
  return unknown(name);
}

function isProperty(value: string, name: string): { source: string } | { refused: string } {
  const binary = BINARY[value.toUpperCase()];
  if (binary !== undefined) return { source: binary };
  return CATEGORIES.has(value) ? { source: `\\p{${value}}` } : script(value, name);
}

function script(value: string, name: string): { source: string } | { refused: string } {
  const title = value.toLowerCase().replace(/(^|_)([a-z])/g, (part) => part.toUpperCase());
  const source = `\\p{Script=${title}}`;
  try {
    new RegExp(source, 'v');
    return { source };
  } catch {
    return unknown(name);
  }
}

function unknown(name: string): { refused: string } {
  return { refused: `\\p{${name}} has no exact counterpart here; POSIX names, categories and scripts have` };
}
