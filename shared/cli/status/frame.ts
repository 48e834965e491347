import { isUnasked } from '../ask-each.ts';
import { oneLine } from '../terminal/one-line.ts';
import type { Page } from '../terminal/page.ts';
import { type Block, flowBlock, type Section, unaskedBlock } from './frame-block.ts';
import { shares } from './shares.ts';
import type { Watched } from './watched.ts';

/**
 * What fits into a window of the flows that are watched: no more lines than `rows`, none wider than the page. The flow
 * that hurts most comes first, and of each what hurts most.
 * @param now ms since the epoch
 * @param every how often it is read, for the title
 */
export function frame(
  page: Page,
  rows: number,
  watched: readonly Watched[],
  now: number,
  every: string,
): readonly string[] {
  const { bold, dim } = page.style;
  const title = oneLine(page.width, [
    { text: `causeway status  ${new Date(now).toISOString().slice(11, 19)} UTC`, paint: bold },
    { text: `  ${every}; Ctrl-C ends it`, paint: dim },
  ]);
  const blocks = watched.map(({ asked, trends }) =>
    isUnasked(asked) ? unaskedBlock(page, asked) : flowBlock(page, asked, trends, now),
  );
  const room = Math.max(0, rows - 1);
  const shown = blocks.length <= room ? blocks : blocks.slice(0, Math.max(0, room - 1));
  const hidden = blocks.length - shown.length;
  const more = hidden === 0 ? [] : [oneLine(page.width, [{ text: `and ${hidden} more flows`, paint: dim }])];
  const given = shares(shown.map(linesOf), room - more.length);
  const lines = shown.flatMap((block, index) => fitBlock(page, block, given[index] ?? 0));
  return [title, ...lines, ...more].slice(0, rows);
}

function linesOf({ fixed, sections }: Block): number {
  return sections.reduce((sum, { size }) => sum + size + 1, fixed.length);
}

function fitBlock(page: Page, { fixed, sections }: Block, rows: number): readonly string[] {
  const wanted = sections.map(({ size }) => size + 1);
  const given = shares(wanted, Math.max(0, rows - fixed.length));
  return [...fixed, ...sections.flatMap((section, index) => fitSection(page, section, given[index] ?? 0))].slice(
    0,
    rows,
  );
}

/** Where not even the heading has room, the first row tells more than it. */
function fitSection(page: Page, { noun, heading, size, row }: Section, rows: number): readonly string[] {
  if (rows === 0) return [];
  const isWhole = rows > size;
  const headings = isWhole || rows > 2 ? [heading] : [];
  const shown = isWhole ? size : rows - headings.length - 1;
  const text = shown === 0 ? `  ${size} ${noun}` : `  and ${size - shown} more ${noun}`;
  const more = isWhole ? [] : [oneLine(page.width, [{ text, paint: page.style.dim }])];
  return [...headings, ...Array.from({ length: shown }, (_, index) => row(index)), ...more];
}
