import type { ErrorCode } from './error-codes.ts';

const BEGIN = '<!-- codes -->\n';
const END = '<!-- end of codes -->';

/** `page` with its table of codes as they are. @throws RangeError when the page has no place for it */
export function withErrorCodes(page: string, codes: readonly ErrorCode[]): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new RangeError(`no ${BEGIN.trim()} ... ${END}`);
  const rows = codes.map(({ code, retriable, rooms }) => {
    const again = retriable === undefined ? 'as its cause' : retriable ? 'yes' : 'no';
    return `| [\`${code}\`](#${code.toLowerCase()}) | ${again} | ${rooms.map((room) => `\`${room}\``).join(', ')} |\n`;
  });
  const table = `| code | goes on by itself | in |\n|---|---|---|\n${rows.join('')}`;
  return `${page.slice(0, from)}${BEGIN}${table}${page.slice(to)}`;
}

/** Codes that have a section of their own, in the page's order. */
export function sectionsOf(page: string): readonly string[] {
  return [...page.matchAll(/^### `([A-Z_]+)`$/gm)].map(([, code = '']) => code);
}
