import { counted } from '../../../counted.ts';
import { type Deployed, FILE_NOT_DEPLOYED } from '../../../status/deployed.ts';
import type { GroupStatus } from '../../../status/group-status.ts';
import type { Reading } from '../../../status/reading.ts';
import type { TopicStatus } from '../../../status/topic-status.ts';
import { KINDS, partitionLabel, repairLabel } from '../../gaps/present.ts';
import type { FoundGap } from '../../gaps/read-gaps.ts';
import { lastRun, onTarget } from '../words.ts';
import { type Content, html, type Markup } from './markup.ts';

/** Of the gap ledger, the newest. */
const MOST_GAPS = 500;

interface Column {
  readonly title: string;
  readonly kind: 'text' | 'mono' | 'number';
}

const mono = (title: string): Column => ({ title, kind: 'mono' });
const number = (title: string): Column => ({ title, kind: 'number' });
const text = (title: string): Column => ({ title, kind: 'text' });

export function topicTable(topics: readonly TopicStatus[]): Markup {
  const columns = [mono('topic'), mono('copy'), number('records'), number('seconds'), number('partitions'), text('')];
  const rows = topics.map(({ topic, remoteTopic, records, seconds, partitions, worst, gone, problems }) => {
    const where = worst === undefined ? [] : [`most in partition ${worst}`];
    return [topic, remoteTopic, figure(records), figure(seconds), partitions, remarks(problems, gone ? [gone] : where)];
  });
  return table('topics', columns, rows);
}

export function groupTable(target: string, groups: readonly GroupStatus[]): Markup {
  const columns = [mono('group'), number('records'), number('seconds'), number('partitions'), text(`on ${target}`)];
  const rows = groups.map((each) => {
    const { group, records, seconds, partitions, problems, checkpointAgeSeconds: age } = each;
    const by = age === undefined ? [] : [`by its checkpoints of ${age} s ago`];
    return [group, figure(records), figure(seconds), partitions, remarks(problems, [onTarget(target, each), ...by])];
  });
  return table('groups', columns, rows);
}

/** What was asked, and the signs of life. */
export function endsTable({ asked, heartbeat, checkpoint, deployed, source, target, lastRun: run }: Reading): Markup {
  const signs = Object.entries({ [`heartbeat of ${source}`]: heartbeat, [`checkpoint on ${target}`]: checkpoint });
  const rows = [
    ...asked.map(({ name, ageSeconds, error }) => {
      const what = error === undefined ? 'answered' : remarks([`${error.code}: ${error.what}`], [error.next]);
      return [name, figure(ageSeconds), what];
    }),
    ...signs.map(([name, sign]) =>
      sign.state === 'written'
        ? [name, figure(sign.ageSeconds), 'written']
        : [name, '', `${sign.state}: ${sign.because}`],
    ),
    ...(run === undefined ? [] : [['last run of a runbook', '', lastRun(run)]]),
    ['deployment', '', describeDeployed(deployed)],
  ];
  return table('ends', [text('asked'), number('seconds ago'), text('')], rows, 'ends');
}

function describeDeployed(deployed: Deployed): Content {
  switch (deployed.state) {
    case 'as-the-file':
      return 'as the file says';
    case 'other-file':
      return remarks([FILE_NOT_DEPLOYED], []);
    case 'missing':
      return remarks([`not deployed: ${deployed.what}`], []);
    case 'unknown':
      return `not known: ${deployed.because}`;
  }
}

export function gapTable(gaps: readonly FoundGap[]): Markup {
  const columns = [mono('partition'), number('from'), number('to'), number('offsets'), text('found'), text('why')];
  const rows = gaps.slice(0, MOST_GAPS).map(({ partition, entry, repairs = [] }) => {
    const { kind, from, to, at } = entry;
    const where = entry.kind === 'quarantine' ? `, at ${entry.location}` : '';
    return [
      partitionLabel(partition),
      from,
      to - 1,
      to - from,
      new Date(at).toISOString(),
      remarks([], [`${KINDS[kind].is}${where}`, ...repairs.map(repairLabel)]),
    ];
  });
  const rest = gaps.length - rows.length;
  const more =
    rest === 0 ? undefined : html`<p class="faint">and ${counted(rest, 'older range')}: causeway gaps --all</p>`;
  return html`${table('gap ledger', columns, rows)}${more}`;
}

function table(
  name: string,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
  className = 'rows',
): Markup {
  const cells = (row: readonly Content[]) =>
    row.map((cell, index) => html`<td class="${columns[index]?.kind ?? 'text'}">${cell}</td>`);
  return html`<div class="wide"><table class="${className}" aria-label="${name}">
<thead><tr>${columns.map(({ title, kind }) => html`<th scope="col" class="${kind}">${title}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${cells(row)}</tr>\n`)}</tbody></table></div>
`;
}

function remarks(problems: readonly string[], others: readonly string[]): readonly Markup[] {
  return [
    ...problems.map((problem) => html`<div class="bad">${problem}</div>`),
    ...others.map((other) => html`<div>${other}</div>`),
  ];
}

/** What is not known is not zero. */
function figure(value: number | undefined): string {
  return value === undefined ? 'not known' : String(value);
}
