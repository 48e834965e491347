import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { linesOf } from '../lines.ts';

test.each([
  ['a line that is more than one chunk', ['{"a":', '1}\n{"b":2}\n'], ['{"a":1}', '{"b":2}']],
  ['a letter that is more than one chunk', [Buffer.from([0xe2, 0x80]), Buffer.from([0xa6, 0x0a])], ['…']],
  ['separators that are no line ends to JSON', ['"\u2028 \u2029 \r"\n'], ['"\u2028 \u2029 \r"']],
  ['a last line without its end', ['a\n\nb'], ['a', '', 'b']],
])('%s', async (_, chunks, lines) => {
  expect(await Array.fromAsync(linesOf(Readable.from(chunks, { objectMode: false })))).toEqual(lines);
});
