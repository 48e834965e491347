import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProperties } from '../../../shared/config/properties.ts';
import { EXAMPLES, example } from './examples/example.ts';

/** What `java.util.Properties` reads from each text. */
function askJava(texts: readonly string[]): readonly (Record<string, string> | 'refused')[] {
  const program = fileURLToPath(new URL('JavaProperties.java', import.meta.url));
  const input = `${texts.map((text) => Buffer.from(text).toString('base64')).join('\n')}\n`;
  const lines = execFileSync('java', ['-XX:TieredStopAtLevel=1', program], { input, encoding: 'utf8' }).split('\n');
  const decode = (word = '') => Buffer.from(word, 'base64').toString('utf8');
  return texts.map((_, i) => {
    if (lines[i] === 'refused') return 'refused';
    const words = lines[i]?.split(' ') ?? [];
    const pairs = Array.from({ length: Math.floor(words.length / 2) }, (__, at) => at * 2);
    // A last line that is nothing but a backslash is, to Java, a property with neither key nor value: without meaning.
    return Object.fromEntries(
      pairs.map((at) => [decode(words[at]), decode(words[at + 1])]).filter(([key]) => key !== ''),
    );
  });
}

function ours(text: string): Record<string, string> | 'refused' {
  const { properties, malformed } = parseProperties(text);
  return malformed.length > 0
    ? 'refused'
    : Object.fromEntries(properties.map(({ key, value }) => [key, value]).filter(([key]) => key !== ''));
}

/** Java has to start, on a machine that may be busy with brokers. */
const JAVA_TIMEOUT_MS = 60_000;

describe('a properties file', { timeout: JAVA_TIMEOUT_MS }, () => {
  test('is read as by Java, line for line', () => {
    const piece = fc.constantFrom(
      ...['a', 'b', '=', ':', ' ', '\t', '\f', '\\', '\\\\', '\n', '\r\n', '\r', '\\\n', '\\\r\n', '#', '!'],
      ...['\\u0041', '\\u00e9', '\\u12', '\\t', '\\n', '\\=', '\\:', '\\ ', '\\#', 'é', '  '],
    );
    const text = fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(''));
    const texts = [...EXAMPLES.map(example), ...fc.sample(text, { numRuns: 3000, seed: 3 })];
    const java = askJava(texts);

    for (const [i, each] of texts.entries())
      expect({ text: each, read: ours(each) }).toEqual({ text: each, read: java[i] });
  });

  test('knows the line that each key begins on', () => {
    const { properties } = parseProperties('# one\n\na = 1, \\\n    2\n! five\nb : 2\r\nc 3\n');

    expect(properties).toEqual([
      { key: 'a', value: '1, 2', line: 3 },
      { key: 'b', value: '2', line: 6 },
      { key: 'c', value: '3', line: 7 },
    ]);
  });

  test('keeps both of two equal keys, in file order', () => {
    expect(parseProperties('a=1\na=2').properties.map(({ value }) => value)).toEqual(['1', '2']);
  });

  test('names the escape that Java would refuse', () => {
    expect(parseProperties('a=1\nb=\\u00g0').malformed).toEqual([{ line: 2, text: '\\u00g0' }]);
  });
});
