/** One `key = value` of a properties file, its escapes undone. */
export interface Property {
  readonly key: string;
  readonly value: string;
  /** Line that the key begins on, from 1. */
  readonly line: number;
}

/** A `\u` that is not followed by four hexadecimal digits; Java refuses the whole file for it. */
export interface MalformedEscape {
  readonly line: number;
  readonly text: string;
}

export interface PropertiesFile {
  /** In file order, a key that occurs twice included twice: the last one counts. */
  readonly properties: readonly Property[];
  readonly malformed: readonly MalformedEscape[];
}

interface LogicalLine {
  readonly line: number;
  readonly text: string;
}

/**
 * Reads the format of `java.util.Properties.load`: `#` and `!` comments, `=`, `:` or white space between key and
 * value, lines continued by a backslash, and `\t \n \r \f \uXXXX` escapes.
 */
export function parseProperties(text: string): PropertiesFile {
  const properties: Property[] = [];
  const malformed: MalformedEscape[] = [];
  for (const { line, text: logical } of logicalLines(text)) {
    const { key, value } = splitAtSeparator(logical);
    const bad = (found: string) => malformed.push({ line, text: found });
    properties.push({ key: undoEscapes(key, bad), value: undoEscapes(value, bad), line });
  }
  return { properties, malformed };
}

function* logicalLines(text: string): Generator<LogicalLine> {
  const natural = text.split(/\r\n|\n|\r/);
  for (let i = 0; i < natural.length; i += 1) {
    const line = i + 1;
    let current = trimLeft(natural[i] ?? '');
    if (current === '' || current.startsWith('#') || current.startsWith('!')) continue;
    while (endsInBackslash(current)) {
      current = current.slice(0, -1);
      if (current === '') break;
      i += 1;
      current += trimLeft(natural[i] ?? '');
    }
    if (current !== '') yield { line, text: current };
  }
}

/** Java's white space here is space, tab and form feed only. */
function trimLeft(text: string): string {
  return text.replace(/^[ \t\f]+/, '');
}

function endsInBackslash(text: string): boolean {
  const backslashes = /\\*$/.exec(text)?.[0].length ?? 0;
  return backslashes % 2 === 1;
}

function splitAtSeparator(text: string): { key: string; value: string } {
  let end = 0;
  while (end < text.length && !/[=: \t\f]/.test(text.charAt(end))) end += text.charAt(end) === '\\' ? 2 : 1;
  const rest = text.slice(end).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '');
  return { key: text.slice(0, end), value: rest };
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function undoEscapes(text: string, bad: (found: string) => void): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S])|$)/g, (_, hex?: string, char?: string, at?: number) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (char === 'u') bad(text.slice(at, (at ?? 0) + 6));
    if (char === undefined) return '';
    return NAMED_ESCAPES[char] ?? char;
  });
}
