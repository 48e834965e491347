import type { Lag } from '../../status/lag.ts';
import { cutName, oneLine, printable } from '../terminal/one-line.ts';
import type { Page } from '../terminal/page.ts';
import { sparkline } from '../terminal/sparkline.ts';

const INDENT = 2;
const GAP = 2;
const RECORDS = 10;
const SECONDS = 9;
const TREND = 8;
/** Of a narrow window a name takes no more than this share, so that what is wrong can be read. */
const NAME_SHARE = 1 / 3;
/** Rows whose names set the width: more than a window shows. */
const LOOKED_AT = 100;

export interface Remarks {
  /** Takes the place of the trend. */
  readonly problem: string | undefined;
  readonly remark: string;
}

/** A table of what is behind, one line a row. */
export interface Columns {
  readonly heading: string;
  readonly row: (name: string, lag: Lag, records: readonly number[], remarks: Remarks) => string;
}

/** @param titles of the first column and of the last */
export function columnsOf(
  { width, style }: Page,
  [title, last]: readonly [string, string],
  names: readonly string[],
): Columns {
  const longest = Math.max(title.length, ...names.slice(0, LOOKED_AT).map((name) => [...name].length));
  const name = Math.min(longest, Math.floor(width * NAME_SHARE));
  const gap = ' '.repeat(GAP);
  const left = (text: string, columns: number) => {
    const fitting = cutName(printable(text), columns);
    return fitting + ' '.repeat(columns - [...fitting].length);
  };
  const begin = (text: string) => ' '.repeat(INDENT) + left(text, name);
  const heading = `${begin(title)}${'records'.padStart(RECORDS)}${'seconds'.padStart(SECONDS)}${gap}${last}`;
  return {
    heading: oneLine(width, [{ text: heading, paint: style.dim }]),
    row: (text, { records, seconds, agesNotKnown = 0 }, past, { problem, remark }) => {
      const figures = `${figure(records).padStart(RECORDS)}${`${figure(seconds)}${seconds !== undefined && agesNotKnown > 0 ? '+' : ''}`.padStart(SECONDS)}${gap}`;
      const trend = past.length === 0 ? '' : left(sparkline(past, TREND), TREND) + gap;
      const told =
        problem === undefined
          ? [{ text: trend }, { text: remark, paint: style.dim }]
          : [{ text: problem, paint: style.bad }];
      return oneLine(width, [{ text: begin(text) }, { text: figures }, ...told]);
    },
  };
}

/** What is not known is not zero. */
function figure(value: number | undefined): string {
  return value === undefined ? '?' : String(value);
}
