import { counted } from '../../../counted.ts';
import { ReadBy, type Reading } from '../../../status/reading.ts';
import type { TopicStatus } from '../../../status/topic-status.ts';
import { type Asked, isUnasked, type Unasked } from '../../ask-each.ts';
import type { FlowGaps } from '../../gaps/read-gaps.ts';
import { behind, howRead } from '../words.ts';
import { type Bar, barChart } from './bar-chart.ts';
import { type Content, html, type Markup } from './markup.ts';
import { endsTable, gapTable, groupTable, topicTable } from './tables.ts';

const MOST_BARS = 20;

/** @param gaps the flow's ledger; undefined where it was not asked */
export function flowSection(reading: Reading, gaps: Asked<FlowGaps> | undefined): Markup {
  const { flow, wrong, problems, remarks, topics, groups, target, commitsOffsets } = reading;
  const notSynced = commitsOffsets ? undefined : html`<p>Offsets are not committed on ${target}.</p>`;
  return html`<section>
<header><h2>${flow}</h2><span class="verdict ${wrong ? 'bad' : 'good'}">${wrong ? 'something is wrong' : 'nothing is wrong'}</span>
<span>${behind(reading)}</span></header>
${readLine(reading)}
${tiles(reading, gaps)}
${problems.length === 0 ? undefined : html`<h3>Wrong with the flow</h3><ul class="bad">${problems.map((each) => html`<li>${each}</li>`)}</ul>`}
${remarks === undefined ? undefined : html`<ul>${remarks.map((each) => html`<li>${each}</li>`)}</ul>`}
${charts(topics)}
<h3>Both ends</h3>
${endsTable(reading)}${notSynced}
<h3>Topics</h3>
${topics.length === 0 ? html`<p class="faint">none is replicated, or they are not known</p>` : topicTable(topics)}
<h3>Consumer groups</h3>
${groups.length === 0 ? html`<p class="faint">none has offsets in replicated topics, or they are not known</p>` : groupTable(target, groups)}
<h3>Gap ledger</h3>
${ledger(gaps)}
</section>
`;
}

export function unaskedSection({ flow, failure }: Unasked): Markup {
  return html`<section>
<header><h2>${flow}</h2><span class="verdict bad">could not be read</span></header>
<p class="bad">${failure.code}: ${failure.message}</p><p>${failure.next}</p>
</section>
`;
}

function readLine(reading: Reading): Markup {
  const when = new Date(reading.readAt).toISOString();
  if (reading.readBy === ReadBy.Monitor) return html`<p class="warning">read ${howRead(reading)} (${when})</p>`;
  const remark = reading.because === undefined ? undefined : `; monitor: ${reading.because}`;
  return html`<p class="faint">read from here at ${when}${remark}</p>`;
}

function tiles(
  { records, seconds, topics, groups, problems, atRisk }: Reading,
  gaps: Asked<FlowGaps> | undefined,
): Markup {
  const faulty = [...topics, ...groups].filter((each) => each.problems.length > 0).length;
  const ledgers = gaps === undefined || isUnasked(gaps) ? 'not known' : gaps.gaps.length;
  const shown: readonly (readonly [Content, string])[] = [
    [records ?? 'not known', 'records behind'],
    [seconds ?? 'not known', 'seconds behind'],
    [topics.length, 'topics'],
    [groups.length, 'groups'],
    [problems.length + faulty, 'with problems'],
    [atRisk, 'partitions at risk'],
    [ledgers, 'ranges in the gap ledger'],
  ];
  return html`<ul class="tiles">${shown.map(([value, name]) => html`<li><b>${value}</b>${name}</li>`)}</ul>`;
}

function charts(topics: readonly TopicStatus[]): Markup {
  const bars = (unit: 'records' | 'seconds'): readonly Bar[] =>
    topics
      .flatMap(({ topic: name, problems, [unit]: value }) => {
        return value === undefined || value === 0 ? [] : [{ name, value, wrong: problems.length > 0 }];
      })
      .toSorted((a, b) => b.value - a.value);
  const chart = (unit: 'records' | 'seconds') => {
    const all = bars(unit);
    if (all.length === 0) return html`<p>No topic is known to be behind by ${unit}.</p>`;
    const rest = all.length - Math.min(all.length, MOST_BARS);
    const title = `${unit} behind${rest === 0 ? '' : `, the ${MOST_BARS} topics that are most so of ${counted(all.length, 'topic')}`}`;
    return barChart(title, unit, all.slice(0, MOST_BARS));
  };
  return html`<div class="charts">${chart('seconds')}${chart('records')}</div>`;
}

function ledger(gaps: Asked<FlowGaps> | undefined): Markup {
  if (gaps === undefined) return html`<p class="faint">not asked</p>`;
  if (isUnasked(gaps)) return html`<p class="bad">not known: ${gaps.failure.code}: ${gaps.failure.message}</p>`;
  if (gaps.topics === 0) return html`<p class="warning">Nothing is replicated yet: it has no topic.</p>`;
  return gaps.gaps.length === 0 ? html`<p>Nothing is missing.</p>` : gapTable(gaps.gaps);
}
