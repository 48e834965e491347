import type { Readable } from 'node:stream';

/**
 * The lines of a stream of UTF-8 text. `node:readline` also ends a line at U+2028 and U+2029, which JSON's texts may hold.
 */
export async function* linesOf(stream: Readable): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const text of stream.setEncoding('utf8')) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
