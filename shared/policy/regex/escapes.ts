import type { CaseMode } from './case-folding.ts';
import { letterClass, propertyClass } from './named-classes.ts';
import { PatternRefusal } from './refusal.ts';
import type { TokenReader } from './tokens.ts';

/** What a backslash stands for, inside a character class or out of it. */
export type Escape =
  | { readonly kind: 'code-point'; readonly codePoint: number }
  /** Source of a JavaScript character class. */
  | { readonly kind: 'class'; readonly source: string }
  /** Anything that only has a meaning outside character classes: `\A`, `\1`, `\R`, ... */
  | { readonly kind: 'other'; readonly letter: string };

const CONTROLS: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, r: 0x0d, f: 0x0c, a: 0x07, e: 0x1b };

const HEX = /[0-9a-fA-F]/;

/** Reads what follows a backslash, which has been read. */
export function readEscape(reader: TokenReader, mode: CaseMode, at: number): Escape {
  const token = reader.next();
  if (token === undefined || token.quoted) throw new PatternRefusal('a backslash escapes nothing', at);
  const { char } = token;
  if (!/[a-zA-Z0-9]/.test(char)) return codePoint(char.codePointAt(0) ?? 0);
  const control = CONTROLS[char];
  if (control !== undefined) return codePoint(control);
  const named = letterClass(char);
  if (named !== undefined) return { kind: 'class', source: named };
  switch (char) {
    case '0':
      return codePoint(octal(reader, at));
    case 'x':
      return codePoint(hexadecimal(reader, at));
    case 'u':
      return codePoint(utf16(reader, at));
    case 'c':
      return codePoint((reader.next()?.char.codePointAt(0) ?? missing('a control character', at)) ^ 64);
    case 'p':
      return { kind: 'class', source: property(reader, mode, at) };
    case 'P':
      return { kind: 'class', source: `[^${property(reader, mode, at)}]` };
    default:
      return { kind: 'other', letter: char };
  }
}

function codePoint(value: number): Escape {
  return { kind: 'code-point', codePoint: value };
}

function missing(what: string, at: number): never {
  throw new PatternRefusal(`the escape lacks ${what}`, at);
}

function octal(reader: TokenReader, at: number): number {
  const first = reader.takeWhile(/[0-7]/, 1);
  if (first === '') missing('an octal digit', at);
  const digits = first + reader.takeWhile(/[0-7]/, first <= '3' ? 2 : 1);
  return Number.parseInt(digits, 8);
}

function hexadecimal(reader: TokenReader, at: number): number {
  if (!reader.takes('{')) return fixedHex(reader, 2, at);
  const digits = reader.takeWhile(HEX);
  const value = Number.parseInt(digits, 16);
  if (digits === '' || !reader.takes('}') || value > 0x10ffff) missing('a code point, as in \\x{1F600}', at);
  return whole(value, at);
}

function utf16(reader: TokenReader, at: number): number {
  const high = fixedHex(reader, 4, at);
  if (high < 0xd800 || high > 0xdbff || !reader.takes('\\u')) return whole(high, at);
  const low = fixedHex(reader, 4, at);
  if (low < 0xdc00 || low > 0xdfff) return whole(high, at);
  return 0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00);
}

function fixedHex(reader: TokenReader, length: number, at: number): number {
  const digits = reader.takeWhile(HEX, length);
  if (digits.length < length) missing(`${length} hexadecimal digits`, at);
  return Number.parseInt(digits, 16);
}

function whole(value: number, at: number): number {
  if (value >= 0xd800 && value <= 0xdfff) throw new PatternRefusal('half a surrogate pair is no character', at);
  return value;
}

function property(reader: TokenReader, mode: CaseMode, at: number): string {
  const braced = reader.takes('{');
  const name = braced ? reader.takeWhile(/[^}]/) : reader.takeWhile(/[A-Z]/, 1);
  if (braced && !reader.takes('}')) missing('a closing }', at);
  if (name === '') missing('the name of a property', at);
  const found = propertyClass(name, mode);
  if ('refused' in found) throw new PatternRefusal(found.refused, at);
  return found.source;
}
