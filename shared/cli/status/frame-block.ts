import type { FlowTrends } from '../../status/flow-trends.ts';
import type { GroupStatus } from '../../status/group-status.ts';
import { ReadBy, type Reading } from '../../status/reading.ts';
import type { TopicStatus } from '../../status/topic-status.ts';
import type { Unasked } from '../ask-each.ts';
import { describeDuration } from '../terminal/duration.ts';
import { oneLine, type Piece } from '../terminal/one-line.ts';
import type { Page } from '../terminal/page.ts';
import { sparkline } from '../terminal/sparkline.ts';
import { columnsOf } from './frame-columns.ts';
import { behind, counts, howRead, onTarget, trendOf } from './words.ts';

/** Rows under a heading, as many as there is room for. */
export interface Section {
  /** `topics` */
  readonly noun: string;
  readonly heading: string;
  readonly size: number;
  readonly row: (index: number) => string;
}

/** A flow in the window: lines that are always there, and tables. */
export interface Block {
  readonly fixed: readonly string[];
  readonly sections: readonly Section[];
}

/** Of what is wrong with a flow itself, lines that leave room for its topics. */
const MOST_WRONG = 3;
const MOST_TREND = 24;
const TREND_LABEL = '  trend  ';

export function unaskedBlock({ width, style }: Page, { flow, failure }: Unasked): Block {
  const head = [
    { text: `${flow}  `, paint: style.bold },
    { text: `could not be read: ${failure.code}`, paint: style.bad },
  ];
  return { fixed: [oneLine(width, head), oneLine(width, [{ text: `  ${failure.message}` }])], sections: [] };
}

export function flowBlock(page: Page, reading: Reading, trends: FlowTrends, now: number): Block {
  const { topics, groups, target } = reading;
  const topicColumns = columnsOf(
    page,
    ['topic', 'trend'],
    topics.map(({ topic }) => topic),
  );
  const groupColumns = columnsOf(
    page,
    ['group', `on ${target}`],
    groups.map(({ group }) => group),
  );
  const topicRow = (each: TopicStatus) => {
    const records = trends.topic(each.topic)?.records ?? [];
    return topicColumns.row(each.topic, each, records, { problem: each.problems[0], remark: each.gone ?? '' });
  };
  const groupRow = (each: GroupStatus) =>
    groupColumns.row(each.group, each, [], { problem: each.problems[0], remark: onTarget(target, each) });
  return {
    fixed: [
      headLine(page, reading),
      ...wrongLines(page, reading),
      trendLine(page, trends),
      ageLine(page, reading, now),
    ],
    sections: [
      sectionOf('topics', topicColumns.heading, topics, topicRow),
      sectionOf('groups', groupColumns.heading, groups, groupRow),
    ].filter(({ size }) => size > 0),
  };
}

function sectionOf<T>(noun: string, heading: string, all: readonly T[], row: (each: T) => string): Section {
  return {
    ...{ noun, heading, size: all.length },
    row: (index) => {
      const each = all[index];
      return each === undefined ? '' : row(each);
    },
  };
}

function headLine({ width, style }: Page, reading: Reading): string {
  const paint = reading.wrong ? style.bad : style.good;
  return oneLine(width, [
    { text: `${reading.flow}  `, paint: style.bold },
    { text: behind(reading), paint },
    { text: reading.wrong ? '; wrong' : '', paint },
    { text: `; ${counts(reading)}`, paint: style.dim },
  ]);
}

/** What is wrong with the flow itself; topics and groups have it in their rows. */
function wrongLines({ width, style }: Page, { problems, asked, heartbeat, checkpoint }: Reading): readonly string[] {
  const signs = Object.entries({ heartbeats: heartbeat, checkpoints: checkpoint });
  const errors = asked.flatMap(({ name, error }) => (error === undefined ? [] : [{ name, error }]));
  const unanswered = Map.groupBy(errors, ({ error: { code, what } }) => `${code}: ${what}`);
  const all = [
    ...problems,
    ...[...unanswered].map(([what, of]) => `${of.map(({ name }) => name).join(', ')}: ${what}`),
    ...signs.flatMap(([name, sign]) => (sign.state === 'unknown' ? [`${name} not known: ${sign.because}`] : [])),
  ];
  const shown = all.length > MOST_WRONG ? all.slice(0, MOST_WRONG - 1) : all;
  const more = all.length - shown.length;
  return [
    ...shown.map((text) => oneLine(width, [{ text: '  wrong  ', paint: style.bad }, { text }])),
    ...(more === 0 ? [] : [oneLine(width, [{ text: `         and ${more} more` }])]),
  ];
}

/** What it says is told whole; the line of past readings has the room that is left. */
function trendLine({ width }: Page, { flow }: FlowTrends): string {
  const past = flow.records;
  const rates = flow.rates();
  const text = rates === undefined ? (past.length === 0 ? 'not known' : 'after the next reading') : trendOf(rates);
  const room = Math.max(0, Math.min(MOST_TREND, width - TREND_LABEL.length - text.length - 2));
  const line = room === 0 ? '' : sparkline(past, room);
  return oneLine(width, [{ text: TREND_LABEL }, { text: line === '' ? text : `${line}  ${text}` }]);
}

function ageLine({ width, style }: Page, reading: Reading, now: number): string {
  const { readBy, readAt, heartbeat, checkpoint } = reading;
  const ageSeconds = Math.max(0, now - readAt) / 1_000;
  const how = howRead({ ...reading, ageSeconds });
  const when = readBy === ReadBy.Monitor ? (how ?? '') : `${describeDuration(ageSeconds)} ago`;
  const signs = Object.entries({ heartbeat, checkpoint }).map(([name, sign]) =>
    sign.state === 'written' ? `${name} ${describeDuration(sign.ageSeconds)} old` : `${name} ${sign.state}`,
  );
  const pieces: readonly Piece[] =
    readBy === ReadBy.Monitor
      ? [{ text: `  read   ${when}`, paint: style.warning }]
      : [
          {
            text: `  read   ${[when, ...signs, ...(how === undefined ? [] : [`monitor: ${how}`])].join('; ')}`,
            paint: style.dim,
          },
        ];
  return oneLine(width, pieces);
}
