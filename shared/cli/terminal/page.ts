import { stripVTControlCharacters } from 'node:util';
import { PLAIN, type Style } from './style.ts';

/** What text is laid out for. */
export interface Page {
  /** Characters of a line. */
  readonly width: number;
  readonly style: Style;
}

/** What is written into files and pipes. */
export const UNSTYLED: Page = { width: 80, style: PLAIN };

/** A line of a field: wrapped at the page's width, or `whole`, as what is to be copied must stay. */
export type Line = string | { readonly whole: string };

export interface Field {
  readonly label: string;
  readonly lines: readonly Line[];
}

/** Breaks `text` at spaces into lines of at most `width` characters; a longer word stays whole. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** As `wrap`, and a longer word is broken too: for what nobody copies. */
export function wrapToWidth(text: string, width: number): readonly string[] {
  const pieces = new RegExp(`.{1,${width}}`, 'gu');
  return wrap(text, width).flatMap((line) => (lengthOf(line) > width ? (line.match(pieces) ?? []) : [line]));
}

/** Labels in a column on the left, what belongs to each on its right. */
export function fields(page: Page, all: readonly Field[], indent = 2): string {
  const column = Math.max(0, ...all.map(({ label }) => lengthOf(label))) + 2;
  const left = indent + column;
  const rows = all.flatMap(({ label, lines }) => {
    const texts = lines.flatMap((line) => (typeof line === 'string' ? wrap(line, page.width - left) : [line.whole]));
    return texts.map((text, index) => `${' '.repeat(indent)}${padded(index === 0 ? label : '', column)}${text}`);
  });
  return rows.map((row) => row.trimEnd()).join('\n');
}

/** Paragraphs, wrapped. */
export function paragraphs(page: Page, texts: readonly string[]): string {
  return texts.map((text) => wrap(text, page.width).join('\n')).join('\n\n');
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - lengthOf(text)));
}

function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
