import type { ChecklistItem } from './checklist.ts';
import type { MovedGroups, Report, ReportedStage, Undone } from './report.ts';

const BAR_HEIGHT = 18;
const ROW_HEIGHT = 26;
const LABEL_WIDTH = 150;
const CHART_WIDTH = 760;
const TIME_WIDTH = 70;

const COLOURS: Readonly<Record<string, string>> = {
  PASS: '#2e7d32',
  WARN: '#b26a00',
  FAIL: '#c62828',
  stopped: '#c62828',
  waiting: '#1565c0',
};

/** The report as one HTML page that refers to nothing outside itself. */
export function reportPage(report: Report): string {
  const { run } = report;
  const title = `${run.dryRun ? 'Dry run: ' : ''}${run.kind} ${run.from} to ${run.to}, generation ${run.generation}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #1c1c1c; background: #fff; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; } td, th { text-align: left; vertical-align: top; padding: .25rem 1rem .25rem 0; }
pre { background: #f4f4f4; padding: .75rem; overflow-x: auto; } svg { max-width: 100%; height: auto; }
.stopped { color: #c62828; } .warned { color: #b26a00; }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #161616; } pre { background: #242424; } svg text { fill: #e6e6e6; } }
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${facts(report)}
<h2>Timeline</h2>
${timeline(report.stages)}
${report.improve.length === 0 ? '' : `<h2>What to look at</h2>\n<ul>\n${report.improve.map((each) => `<li>${escaped(each)}</li>`).join('\n')}\n</ul>`}
${report.checklist === undefined ? '' : checklist(report.checklist)}
${report.groups === undefined ? '' : groupTable(report.groups)}
<h2>Stages and their evidence</h2>
${report.stages.map(section).join('\n')}
</body>
</html>
`;
}

function facts({ run, startedAt, endedAt, outcome, rto, loss, rpoExpectedSeconds, groups, undone }: Report): string {
  const expected = (seconds: number | undefined) => (seconds === undefined ? '' : `, expected within ${seconds} s`);
  const rows: readonly (readonly [string, string])[] = [
    ['flow', run.flow],
    ['outcome', outcome],
    ['began', new Date(startedAt).toISOString()],
    ['took', seconds(endedAt - startedAt)],
    [
      'RTO',
      rto.actualSeconds === undefined
        ? 'no application was moved'
        : `${rto.actualSeconds} s${expected(rto.expectedSeconds)}${approvalText(rto)}`,
    ],
    ['RPO', loss === undefined ? 'not found out' : `${lossText(loss)}${expected(rpoExpectedSeconds)}`],
    ...(groups === undefined ? [] : [['groups', groupsText(groups)] as const]),
    ...(undone === undefined ? [] : [['undone', undoneText(undone)] as const]),
    ['execution', run.execution],
    ['started by', run.startedBy],
    ...(run.reason === '' ? [] : [['reason', run.reason] as const]),
  ];
  return `<table>\n${rows.map(([name, value]) => `<tr><th>${name}</th><td>${escaped(value)}</td></tr>`).join('\n')}\n</table>`;
}

function approvalText({ approvalSeconds }: Report['rto']): string {
  return approvalSeconds === undefined ? '' : `, of which ${approvalSeconds} s for approval`;
}

function groupsText({ moved, leftOut }: MovedGroups): string {
  const readTwice = moved.reduce((sum, each) => sum + each.readTwice, 0);
  const twice = readTwice === 0 ? 'nothing is read twice' : `up to ${readTwice} records are read twice`;
  return `${moved.length} moved, ${leftOut.length} left where they were; ${twice}`;
}

function undoneText({ says, left }: Undone): string {
  return left.length === 0 ? says : `${says} Left: ${left.join(' ')}`;
}

function lossText({ atLeast, atMost, seconds: age }: NonNullable<Report['loss']>): string {
  if (atMost === 0) return 'nothing is lost';
  const records = atLeast === atMost ? `${atMost} records` : `between ${atLeast} and ${atMost} records`;
  return `${records} left behind${age === undefined ? '' : `, of at most ${age} s`}`;
}

function checklist(items: readonly ChecklistItem[]): string {
  const rows = items.map(({ when, item, outcome, found }) => {
    return `<tr><td>${when}</td><td>${escaped(item)}</td><td${marked(outcome)}>${outcome}</td><td>${escaped(found)}</td></tr>`;
  });
  return `<h2>Checklist</h2>\n<table>\n${rows.join('\n')}\n</table>`;
}

function marked(outcome: string): string {
  if (outcome === 'stopped' || outcome === 'FAIL') return ' class="stopped"';
  return outcome === 'WARN' ? ' class="warned"' : '';
}

function groupTable({ moved, leftOut }: MovedGroups): string {
  const rows = [
    ...moved.map(({ group, partitions, readTwice }) => {
      const told = `${partitions} partitions${readTwice === 0 ? '' : `, up to ${readTwice} records read twice`}`;
      return `<tr><td>${escaped(group)}</td><td>${told}</td></tr>`;
    }),
    ...leftOut.map(
      ({ group, why }) => `<tr><td>${escaped(group)}</td><td class="warned">not moved: ${escaped(why)}</td></tr>`,
    ),
  ];
  return `<h2>Groups</h2>\n<table>\n${rows.join('\n')}\n</table>`;
}

/** A bar for each stage, from when it began to when it ended. */
function timeline(stages: readonly ReportedStage[]): string {
  const reached = stages.filter(({ beganMs }) => beganMs !== undefined);
  const total = Math.max(1, ...reached.map(({ beganMs = 0, tookMs = 0 }) => beganMs + tookMs));
  const width = CHART_WIDTH - LABEL_WIDTH - TIME_WIDTH;
  const rows = reached.map(({ stage, beganMs = 0, tookMs, outcome, verdict }, row) => {
    const y = row * ROW_HEIGHT;
    const x = LABEL_WIDTH + (beganMs / total) * width;
    const length = Math.max(2, ((tookMs ?? 0) / total) * width);
    const colour = COLOURS[outcome === 'passed' ? (verdict ?? 'PASS') : outcome] ?? '#555';
    const text = y + BAR_HEIGHT - 4;
    return `<text x="0" y="${text}" font-size="13">${stage}</text>
<rect x="${x.toFixed(1)}" y="${y}" width="${length.toFixed(1)}" height="${BAR_HEIGHT}" fill="${colour}"><title>${stage}: ${tookMs === undefined ? 'not ended' : seconds(tookMs)}</title></rect>
<text x="${CHART_WIDTH - TIME_WIDTH + 6}" y="${text}" font-size="13">${tookMs === undefined ? '' : seconds(tookMs)}</text>`;
  });
  return `<svg viewBox="0 0 ${CHART_WIDTH} ${reached.length * ROW_HEIGHT}" role="img" aria-label="When each stage ran">\n${rows.join('\n')}\n</svg>`;
}

function section({ stage, proves, outcome, verdict, says, tookMs, evidence, error }: ReportedStage): string {
  const ended = outcome === 'passed' ? (verdict ?? 'PASS') : outcome;
  const told = [
    `<p>${escaped(proves)}</p>`,
    ...(says === '' ? [] : [`<p><strong>${escaped(says)}</strong></p>`]),
    ...(error === undefined ? [] : [`<p>${escaped(error.safe)} ${escaped(error.next)}</p>`]),
    ...(Object.keys(evidence).length === 0
      ? []
      : [
          `<details><summary>Evidence</summary><pre>${escaped(JSON.stringify(evidence, undefined, 2))}</pre></details>`,
        ]),
  ];
  const took = tookMs === undefined ? '' : `, ${seconds(tookMs)}`;
  return `<h3${marked(ended)}>${stage}: ${ended}${took}</h3>\n${told.join('\n')}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
