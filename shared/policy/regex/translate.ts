import { BackReferences } from './back-references.ts';
import { literalSource, readCharacterClass } from './character-class.ts';
import { readEscape } from './escapes.ts';
import { caseMode, changeFlags, type Flags, NO_FLAGS } from './flags.ts';
import { PatternRefusal } from './refusal.ts';
import { readRepetition } from './repetition.ts';
import { TokenReader } from './tokens.ts';

const ANY = '[\\u{0}-\\u{10ffff}]';
const NOT_LINE_END = '[^\\n\\r\\u{85}\\u{2028}\\u{2029}]';
const END = '(?:$|(?=\\r\\n$)|(?=[\\r\\u{85}\\u{2028}\\u{2029}]$)|(?<!\\r)(?=\\n$))';
const UNIX_END = '(?=\\n?$)';
const LINE_BREAK = '(?:\\r\\n|[\\n\\u{b}\\f\\r\\u{85}\\u{2028}\\u{2029}])';

/**
 * Translates a pattern of `java.util.regex` (Java 17) into a JavaScript one that takes exactly the same whole strings.
 * What matches is kept, not which groups capture what.
 * @throws PatternRefusal when Java does not take the pattern, or its meaning could differ here
 */
export function translateJavaPattern(pattern: string): RegExp {
  return new RegExp(`^(?:${new Translation(pattern).source()})$`, 'v');
}

/** One pass over a pattern, by recursive descent; every method returns JavaScript source. */
class Translation {
  readonly #reader: TokenReader;
  readonly #references = new BackReferences();
  #flags: Flags = NO_FLAGS;
  #lookBehind = 0;
  #atomic = 0;

  constructor(pattern: string) {
    this.#reader = new TokenReader(pattern);
  }

  source(): string {
    const source = this.#alternatives();
    if (this.#reader.peek() !== undefined) this.#refuse('a ) closes nothing');
    return source;
  }

  #refuse(reason: string, at = this.#reader.position): never {
    throw new PatternRefusal(reason, at);
  }

  #alternatives(): string {
    const branches: string[] = [];
    const leave = this.#references.enterBranches();
    do {
      branches.push(this.#references.inBranch(() => this.#sequence()));
    } while (this.#reader.takes('|'));
    leave(branches.length);
    return branches.join('|');
  }

  #sequence(): string {
    let source = '';
    while (this.#reader.peek() !== undefined && !this.#reader.sees('|') && !this.#reader.sees(')')) {
      if (this.#flagsOnly()) continue;
      const mark = this.#references.mark();
      source += this.#quantified(this.#atom(), mark);
    }
    return source;
  }

  /** `(?i)`, `(?s-i)`: valid to the end of the enclosing group. */
  #flagsOnly(): boolean {
    if (!this.#reader.sees('(?')) return false;
    const at = this.#reader.position;
    const [letters, closing] = this.#lookAheadFlags();
    if (closing !== ')') return false;
    this.#flags = changeFlags(this.#flags, letters, at);
    for (let n = 0; n < letters.length + 3; n += 1) this.#reader.next();
    return true;
  }

  #lookAheadFlags(): [letters: string, closing: string | undefined] {
    let letters = '';
    for (let ahead = 2; ; ahead += 1) {
      const token = this.#reader.peek(ahead);
      if (token === undefined || token.quoted) return [letters, undefined];
      if (!/[a-zA-Z-]/.test(token.char)) return [letters, token.char];
      letters += token.char;
    }
  }

  #atom(): string {
    const token = this.#reader.next();
    if (token === undefined) this.#refuse('the pattern ends too early');
    const { at, char, quoted } = token;
    if (quoted) return this.#literal(char);
    switch (char) {
      case '\\':
        return this.#escape(at);
      case '[':
        return readCharacterClass(this.#reader, caseMode(this.#flags), at);
      case '(':
        return this.#group(at);
      case '.':
        if (this.#flags.dotAll) return ANY;
        return this.#flags.unixLines ? '[^\\n]' : NOT_LINE_END;
      case '^':
        return '^';
      case '$':
        return this.#flags.unixLines ? UNIX_END : END;
      case '*':
      case '+':
      case '?':
        return this.#refuse(`there is nothing for ${char} to repeat`, at);
      case '{':
        return this.#refuse('a { must be escaped or follow what it repeats', at);
      default:
        return this.#literal(char);
    }
  }

  #literal(char: string): string {
    return literalSource(char.codePointAt(0) ?? 0, caseMode(this.#flags));
  }

  #escape(at: number): string {
    const escaped = readEscape(this.#reader, caseMode(this.#flags), at);
    if (escaped.kind === 'class') return escaped.source;
    if (escaped.kind === 'code-point') return literalSource(escaped.codePoint, caseMode(this.#flags));
    switch (escaped.letter) {
      case 'A':
        return '^';
      case 'z':
        return '$';
      case 'Z':
        return this.#flags.unixLines ? UNIX_END : END;
      case 'R':
        return LINE_BREAK;
      case 'b':
      case 'B':
        return this.#refuse('word boundaries differ between Java versions; name the neighbouring characters', at);
      default:
        return this.#backReference(escaped.letter, at);
    }
  }

  #backReference(letter: string, at: number): string {
    let reference: string;
    if (letter === 'k') {
      if (!this.#reader.takes('<')) this.#refuse('\\k needs the name of a group, as in \\k<name>', at);
      reference = this.#reader.takeWhile(/[a-zA-Z0-9]/);
      if (!this.#reader.takes('>')) this.#refuse('\\k needs the name of a group, as in \\k<name>', at);
    } else if (/[1-9]/.test(letter)) {
      reference = letter;
      while (
        this.#references.exists(reference + (this.#reader.peek()?.char ?? '')) &&
        this.#reader.peek() !== undefined
      )
        reference += this.#reader.takeWhile(/[0-9]/, 1);
    } else return this.#refuse(`\\${letter} is not an escape that can be used here`, at);
    if (this.#flags.ignoreCase) this.#refuse('a back reference under (?i) has no exact counterpart here', at);
    if (this.#lookBehind > 0) this.#refuse('a back reference in a look-behind has no exact counterpart here', at);
    return this.#references.use(reference, at);
  }

  #group(at: number): string {
    const before = this.#flags;
    const source = this.#reader.sees('?') ? this.#specialGroup(at) : this.#capturing(undefined, at);
    this.#flags = before;
    return source;
  }

  #specialGroup(at: number): string {
    const reader = this.#reader;
    if (reader.takes('?:')) return `(?:${this.#closed(at)})`;
    if (reader.takes('?=')) return this.#lookAround('?=', at);
    if (reader.takes('?!')) return this.#lookAround('?!', at);
    if (reader.takes('?>')) return this.#atomicGroup(this.#closed(at), at);
    if (reader.takes('?<=')) return this.#behind('?<=', at);
    if (reader.takes('?<!')) return this.#behind('?<!', at);
    if (reader.takes('?<')) {
      const name = reader.takeWhile(/[a-zA-Z0-9]/);
      if (!/^[a-zA-Z]/.test(name) || !reader.takes('>')) this.#refuse('the group has no valid name', at);
      return this.#capturing(name, at);
    }
    reader.takes('?');
    const letters = reader.takeWhile(/[a-zA-Z-]/);
    this.#flags = changeFlags(this.#flags, letters, at);
    if (!reader.takes(':')) this.#refuse('this kind of group is unknown', at);
    return `(?:${this.#closed(at)})`;
  }

  #closed(at: number): string {
    const source = this.#alternatives();
    if (!this.#reader.takes(')')) this.#refuse('the group is not closed', at);
    return source;
  }

  #capturing(name: string | undefined, at: number): string {
    if (this.#lookBehind > 0) this.#refuse('a capturing group in a look-behind; use (?:..)', at);
    const group = this.#references.open(name, at);
    const source = this.#closed(at);
    group.closed = true;
    return `(?<${group.id}>${source})`;
  }

  #lookAround(kind: '?=' | '?!', at: number): string {
    const mark = this.#references.mark();
    const source = this.#closed(at);
    this.#references.isolateSince(mark);
    return `(?:(${kind}${source}))`;
  }

  #behind(kind: '?<=' | '?<!', at: number): string {
    this.#lookBehind += 1;
    const source = this.#closed(at);
    this.#lookBehind -= 1;
    return `(?:(${kind}${source}))`;
  }

  /** Takes what `inner` matches first and never gives any of it back. */
  #atomicGroup(inner: string, at: number): string {
    if (this.#lookBehind > 0) this.#refuse('an atomic group or possessive quantifier in a look-behind', at);
    this.#atomic += 1;
    const id = `atomic${this.#atomic}`;
    return `(?:(?=(?<${id}>${inner}))\\k<${id}>)`;
  }

  #quantified(atom: string, mark: number): string {
    const at = this.#reader.position;
    const count = readRepetition(this.#reader);
    if (count === undefined) return atom;
    this.#references.isolateSince(mark);
    if (this.#lookBehind > 0 && count.unbounded) this.#refuse('a look-behind must have an obvious maximum length', at);
    if (this.#reader.takes('?')) return `(?:${atom})${count.source}?`;
    if (!this.#reader.takes('+')) return `(?:${atom})${count.source}`;
    return this.#atomicGroup(`${this.#atomicGroup(atom, at)}${count.source}`, at);
  }
}
