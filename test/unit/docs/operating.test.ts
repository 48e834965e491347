import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { estimate } from '../../../shared/cost/estimate.ts';
import { pricesWith } from '../../../shared/cost/prices.ts';
import {
  defaultAssumptions,
  defaultSettings,
  defaultWorkload,
  type FlowSettings,
} from '../../../shared/cost/workload.ts';

const DOCS = new URL('../../../docs/', import.meta.url);
const FUNCTIONS = new URL('../../../functions/', import.meta.url);
const read = (page: string) => readFileSync(new URL(page, DOCS), 'utf8');

/** Of Powertools' logger, and of Lambda's own lines in its JSON format. */
const NOT_OURS = ['level', 'timestamp', 'service', 'function_name', 'function_request_id', 'cold_start'];
const OF_LAMBDA = ['type', 'record'];
const OF_CLOUDWATCH = ['_aws', 'message'];

test.each(['operating.md', 'errors.md'])('every link of docs/%s leads to a page and a heading', (page) => {
  const links = [...read(page).matchAll(/\]\(([a-z]*\.md)?(?:#([^)]+))?\)/g)];
  const broken = links.filter(([, other = page, anchor]) => {
    const anchors = [...read(other).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchorOf(title));
    return anchor !== undefined && !anchors.includes(anchor);
  });

  expect(links.length).toBeGreaterThan(10);
  expect(broken.map(([link]) => link)).toEqual([]);
});

test('every key of the logs that docs/operating.md names is one that the functions write', () => {
  const [, logs = ''] = read('operating.md').split('\n## Logs\n');
  const [table = '', written = ''] = logs.split('```\n');
  const queries = written.replaceAll(/^#.*$/gm, '');
  const named = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, keys = '']) =>
    [...keys.matchAll(/`([\w.]+)`/g)].map(([, key = '']) => key),
  );
  const asked = [...queries.matchAll(/\b(?:filter|fields|by|ispresent\() ?([^|#\n]*)/g)].flatMap(([, text = '']) =>
    [...text.replaceAll(/"[^"]*"|\/[^/]*\//g, '').matchAll(/(?<![\w@.(])([a-z_]+)(?:\.[\w.]+)?(?=[\s,)=]|$)/g)].map(
      ([, key = '']) => key,
    ),
  );
  const sources = readdirSync(FUNCTIONS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const code = sources.map((name) => readFileSync(new URL(name, FUNCTIONS), 'utf8')).join('\n');
  const known = new Set([...NOT_OURS, ...OF_LAMBDA, ...OF_CLOUDWATCH]);
  const words = ['and', 'or', 'like', 'by', 'as', 'count', 'bin', 'sort', 'desc', 'ispresent', 'min', 'max', 'avg'];
  const roots = [...new Set([...named, ...asked].map((key) => key.split('.')[0] ?? ''))];
  const unknown = roots.filter(
    (key) => !known.has(key) && !words.includes(key) && !new RegExp(`\\b${key}\\b`).test(code),
  );

  expect(named.length).toBeGreaterThan(20);
  expect(asked.length).toBeGreaterThan(20);
  expect(unknown).toEqual([]);
});

test('figures of costs in docs/operating.md are what the model says', () => {
  const cost = (settings: Partial<FlowSettings>) => costOf(10, settings);
  const shown = (usd: number) => `$${usd.toLocaleString('en-US', { maximumFractionDigits: 0 })}`;
  const rows = [0, 1, 10].map((batchingWindowSeconds) => {
    const pollers = [{}, { pollerGroup: true }, { minimumPollers: undefined }];
    const costs = pollers.map((own) => shown(cost({ batchingWindowSeconds, ...own }).usdPerMonth));
    return `| ${costs.join(' | ')} |`;
  });
  const page = read('operating.md');

  for (const row of rows) expect(page).toContain(row);
  const [replicator, mirrorMaker] = cost({}).peers.map(({ usdPerMonth }) => shown(usdPerMonth));
  expect(page.replaceAll(/\s+/g, ' ')).toContain(
    `MSK Replicator ${replicator}, MirrorMaker 2 on MSK Connect ${mirrorMaker}`,
  );
});

test('figures of costs in docs/deploy.md are what the model says, and none of its parts is left out', () => {
  const rows: Readonly<Record<string, readonly string[]>> = {
    'provisioned pollers': ['provisioned pollers'],
    '`replicate`: requests': ['replicate, requests', 'replicate, compute'],
    'offset map': ['offset map, reads', 'offset map, writes', 'transfer of map writes', 'source’s ends', 'table'],
    'transfer of records': ['transfer of records'],
    'logs of `replicate`': ['logs of replicate'],
    'functions at rest': ['functions at rest', 'their requests'],
    'metrics, alarms': ['custom metrics', 'alarms', 'composite alarms', 'dashboards', 'dry runs'],
  };
  const columns = [
    { tbPerMonth: 0, batchingWindowSeconds: 0 },
    { tbPerMonth: 10, batchingWindowSeconds: 0 },
    { tbPerMonth: 10, batchingWindowSeconds: 1 },
  ].map(({ tbPerMonth, batchingWindowSeconds }) => costOf(tbPerMonth, { batchingWindowSeconds }));
  const shown = (usd: number) =>
    `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  const line = (label: string, usd: readonly number[]) =>
    expect.stringMatching(
      new RegExp(`^\\| ${label}[^|]* \\| ${usd.map(shown).join(' | ').replaceAll(/[$|.]/g, '\\$&')} \\|$`),
    );
  const table = read('deploy.md').split('\n');

  for (const [label, names] of Object.entries(rows)) {
    const sums = columns.map(({ flows }) =>
      (flows[0]?.parts ?? []).reduce((sum, part) => (names.includes(part.name) ? sum + part.usdPerMonth : sum), 0),
    );
    expect(table).toContainEqual(line(label, sums));
  }
  expect(table).toContainEqual(
    line(
      'in all',
      columns.map(({ usdPerMonth }) => usdPerMonth),
    ),
  );
  const counted = Object.values(rows).flat();
  for (const { flows } of columns) for (const { name } of flows[0]?.parts ?? []) expect(counted, name).toContain(name);
});

/** Of a flow with all defaults, as `causeway cost --tb-per-month` has it. */
function costOf(tbPerMonth: number, settings: Partial<FlowSettings>) {
  const flow = { ...defaultSettings, flow: 'us-east->us-west', topicsMeasured: defaultWorkload.topics, ...settings };
  const workload = { ...defaultWorkload, tbPerMonth };
  return estimate({ workload, flows: [flow], assumptions: defaultAssumptions, prices: pricesWith() });
}

/** As GitHub makes it of a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
}
