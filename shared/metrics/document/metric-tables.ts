import { METRICS, type MeasuredBy, type MetricFacts, type MetricLevel } from '../catalogue.ts';

const BEGIN = '<!-- metrics -->\n';
const END = '<!-- end of metrics -->';

const WHEN: Readonly<Record<Exclude<MetricLevel, 'rare'>, string>> = {
  always: 'always',
  event: 'when it happens',
  detail: 'in the log',
};

/** `verify` has runs, and no dry runs. */
const RARELY: Readonly<Partial<Record<MeasuredBy, string>>> = { verify: 'at the end of a run' };
const RARELY_ELSE = 'at the end of a run or dry run';

/** `page` with the tables of metrics as they are. @throws RangeError when the page has no place for them */
export function withMetrics(page: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new RangeError(`no ${BEGIN.trim()} ... ${END}`);
  const byFunction = Map.groupBy(Object.entries<MetricFacts>(METRICS), ([, { by }]) => by);
  const tables = [...byFunction].map(([by, metrics]) => {
    const rows = metrics.map(([name, facts]) => rowOf(name, facts));
    const title = by === 'every function' ? 'Of every function' : `Of \`${by}\``;
    return `### ${title}\n\n| metric | unit | of | published | means | MirrorMaker 2 |\n|---|---|---|---|---|---|\n${rows.join('')}`;
  });
  return `${page.slice(0, from)}${BEGIN}\n${tables.join('\n')}\n${page.slice(to)}`;
}

function rowOf(name: string, { unit, of, level, by, means, mirrorMaker = '' }: MetricFacts): string {
  return `| \`${name}\` | ${unit.toLowerCase()} | ${of} | ${level === 'rare' ? (RARELY[by] ?? RARELY_ELSE) : WHEN[level]} | ${means} | ${mirrorMaker} |\n`;
}
