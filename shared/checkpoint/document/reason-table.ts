import { REASONS } from '../../groups/reason.ts';

const BEGIN = '<!-- reasons -->\n';
const END = '<!-- end of reasons -->';

/** `page` with the table of reasons as they are. @throws RangeError when the page has no place for it */
export function withReasons(page: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new RangeError(`no ${BEGIN.trim()} ... ${END}`);
  const rows = Object.entries(REASONS).map(([reason, means]) => `| \`${reason}\` | ${means} |\n`);
  return `${page.slice(0, from)}${BEGIN}| reason | what it means, and what to do |\n|---|---|\n${rows.join('')}${page.slice(to)}`;
}
