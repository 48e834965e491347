/** One code point of a Java pattern; between `\Q` and `\E` every one is literal. */
export interface Token {
  readonly char: string;
  /** Index into the pattern, in UTF-16 units. */
  readonly at: number;
  readonly quoted: boolean;
}

/** Splits a pattern into code points and takes out `\Q...\E`, as Java does before it parses. */
export function tokenize(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  let quoting = false;
  let at = 0;
  while (at < pattern.length) {
    const pair = pattern.slice(at, at + 2);
    if (pair === (quoting ? '\\E' : '\\Q')) {
      quoting = !quoting;
      at += 2;
      continue;
    }
    const char = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
    tokens.push({ char, at, quoted: quoting });
    at += char.length;
    if (char !== '\\' || quoting || at >= pattern.length) continue;
    const escaped = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
    tokens.push({ char: escaped, at, quoted: false });
    at += escaped.length;
  }
  return tokens;
}

/** Reads tokens one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #index = 0;

  constructor(pattern: string) {
    this.#tokens = tokenize(pattern);
    this.#length = pattern.length;
  }

  get position(): number {
    return this.#tokens[this.#index]?.at ?? this.#length;
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#index + ahead];
  }

  next(): Token | undefined {
    const token = this.#tokens[this.#index];
    if (token !== undefined) this.#index += 1;
    return token;
  }

  /** Whether the unquoted `text` comes next. */
  sees(text: string): boolean {
    for (const [i, char] of Array.from(text).entries()) {
      const token = this.peek(i);
      if (token === undefined || token.quoted || token.char !== char) return false;
    }
    return true;
  }

  /** Moves past the unquoted `text` if it comes next. */
  takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#index += Array.from(text).length;
    return true;
  }

  /** Moves past, and returns, the unquoted characters that match `one`, at most `limit` of them. */
  takeWhile(one: RegExp, limit = Number.POSITIVE_INFINITY): string {
    let taken = '';
    for (let n = 0; n < limit; n += 1) {
      const token = this.peek();
      if (token === undefined || token.quoted || !one.test(token.char)) break;
      taken += token.char;
      this.#index += 1;
    }
    return taken;
  }
}
