import { type CaseMode, type CodePointRange, withOtherCases } from './case-folding.ts';
import { readEscape } from './escapes.ts';
import { PatternRefusal } from './refusal.ts';
import type { TokenReader } from './tokens.ts';

/** JavaScript source (`v` flag) for one code point, valid inside and outside of a class. */
export function codePointSource(codePoint: number): string {
  const char = String.fromCodePoint(codePoint);
  return /[a-zA-Z0-9]/.test(char) && char.length === 1 ? char : `\\u{${codePoint.toString(16)}}`;
}

/** JavaScript source for a literal character under `mode`. */
export function literalSource(codePoint: number, mode: CaseMode): string {
  const ranges = withOtherCases({ from: codePoint, to: codePoint }, mode);
  return ranges.length === 1 ? codePointSource(codePoint) : `[${rangesSource(ranges)}]`;
}

function rangesSource(ranges: readonly CodePointRange[]): string {
  return ranges
    .map(({ from, to }) => (from === to ? codePointSource(from) : `${codePointSource(from)}-${codePointSource(to)}`))
    .join('');
}

/** Reads a character class, whose `[` has been read, and returns JavaScript source with the same members. */
export function readCharacterClass(reader: TokenReader, mode: CaseMode, at: number): string {
  const negated = reader.takes('^');
  const operands = [readUnion(reader, mode, at, 'first')];
  while (reader.takes('&&')) {
    if (reader.sees('&'))
      throw new PatternRefusal('Java reads &&& in its own way; write a literal & as \\&', reader.position);
    operands.push(readUnion(reader, mode, at, 'right'));
  }
  if (!reader.takes(']')) throw new PatternRefusal('the character class is not closed', at);
  const members = operands.length === 1 ? operands[0] : operands.map((operand) => `[${operand}]`).join('&&');
  return `[${negated ? '^' : ''}${members}]`;
}

/** Reads members up to `&&` or the closing bracket, both left unread. */
function readUnion(reader: TokenReader, mode: CaseMode, at: number, side: 'first' | 'right'): string {
  let members = '';
  let bareAfterNested = false;
  const startsNested = reader.sees('[');
  while (reader.peek() !== undefined) {
    if (reader.sees(']') && (members !== '' || side === 'right')) break;
    if (reader.sees('&&')) break;
    if (side === 'right' && startsNested && reader.sees('&'))
      throw new PatternRefusal('Java reads a single & after && [..] in its own way; write it as \\&', reader.position);
    if (reader.sees('[')) {
      const nested = reader.position;
      reader.next();
      members += readCharacterClass(reader, mode, nested);
    } else {
      bareAfterNested ||= startsNested;
      members += readMember(reader, mode, at);
    }
  }
  if (members === '') throw new PatternRefusal('one side of && is empty', reader.position);
  if (side === 'right' && bareAfterNested && reader.sees('&&'))
    throw new PatternRefusal(
      'Java reads [..] followed by characters and && in its own way; put them in brackets',
      reader.position,
    );
  return members;
}

/** One character, range or predefined class. */
function readMember(reader: TokenReader, mode: CaseMode, at: number): string {
  const start = reader.position;
  const first = readOne(reader, mode, at);
  if (first.kind === 'class') {
    if (reader.sees('-') && !atEnd(reader, 1))
      throw new PatternRefusal('a range cannot begin with a predefined class', start);
    return first.source;
  }
  const from = first.codePoint;
  if (!reader.sees('-') || atEnd(reader, 1)) return rangesSource(withOtherCases({ from, to: from }, mode));
  reader.next();
  const last = readOne(reader, mode, at);
  if (last.kind === 'class') throw new PatternRefusal('a range cannot end with a predefined class', start);
  if (last.codePoint < from) throw new PatternRefusal('the range runs backwards', start);
  return rangesSource(withOtherCases({ from, to: last.codePoint }, mode));
}

/** Whether a `-` at the reader is itself a member: what follows it closes the class or opens another. */
function atEnd(reader: TokenReader, ahead: number): boolean {
  const token = reader.peek(ahead);
  if (token === undefined || token.quoted) return false;
  if (token.char === '&' && reader.peek(ahead + 1)?.char === '&')
    throw new PatternRefusal('Java reads - before && in its own way; write it as \\-', token.at);
  return token.char === ']' || token.char === '[';
}

function readOne(
  reader: TokenReader,
  mode: CaseMode,
  at: number,
): { kind: 'code-point'; codePoint: number } | { kind: 'class'; source: string } {
  const token = reader.next();
  if (token === undefined) throw new PatternRefusal('the character class is not closed', at);
  if (token.quoted || token.char !== '\\') return { kind: 'code-point', codePoint: token.char.codePointAt(0) ?? 0 };
  const escaped = readEscape(reader, mode, token.at);
  if (escaped.kind === 'other')
    throw new PatternRefusal(`\\${escaped.letter} has no meaning in a character class`, token.at);
  return escaped;
}
