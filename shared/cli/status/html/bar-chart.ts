import { cutName, printable } from '../../terminal/one-line.ts';
import { html, type Markup } from './markup.ts';

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Whether something is wrong with what it stands for. */
  readonly wrong: boolean;
}

/** In the chart's own units; it is as wide as the page has room for. */
const WIDTH = 720;
const ROW = 22;
const BAR = 14;
const NAMES = 260;
const VALUES = 90;
const BASELINE = 15;
/** Letters of a name that there is room for. */
const NAME_LENGTH = 35;
/** So that what is a little behind is seen beside what is much. */
const LEAST = 2;

/** Bars with names on their left and values on their right. @param unit `records` */
export function barChart(title: string, unit: string, bars: readonly Bar[]): Markup {
  const most = Math.max(...bars.map(({ value }) => value), 0);
  const room = WIDTH - NAMES - VALUES;
  const rows = bars.map(({ name, value, wrong }, index) => {
    const y = index * ROW;
    const length = value === 0 ? 0 : Math.max(LEAST, Math.round((value / most) * room));
    return html`<g><title>${name}: ${value} ${unit}</title>
<text x="${NAMES - 8}" y="${y + BASELINE}" class="name">${cutName(printable(name), NAME_LENGTH)}</text>
<rect x="${NAMES}" y="${y + (ROW - BAR) / 2}" width="${length}" height="${BAR}" rx="2" class="${wrong ? 'bar wrong' : 'bar'}"/>
<text x="${NAMES + length + 6}" y="${y + BASELINE}" class="value">${value}</text></g>
`;
  });
  return html`<figure><figcaption>${title}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${Math.max(1, bars.length) * ROW}" role="img" aria-label="${title}">
${rows}</svg></figure>
`;
}
