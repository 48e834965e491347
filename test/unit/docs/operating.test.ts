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
  const cost = (settings: Partial<FlowSettings>) => {
    const flow = { ...defaultSettings, flow: 'us-east->us-west', topicsMeasured: defaultWorkload.topics, ...settings };
    const workload = { ...defaultWorkload, tbPerMonth: 10 };
    return estimate({ workload, flows: [flow], assumptions: defaultAssumptions, prices: pricesWith() });
  };
  const shown = (usd: number) => `$${usd.toLocaleString('en-US', { maximumFractionDigits: 0 })}`;
  const rows = [0, 1, 10].map((batchingWindowSeconds) => {
    const [provisioned, onDemand] = [1, undefined].map((minimumPollers) => {
      return shown(cost({ batchingWindowSeconds, minimumPollers }).usdPerMonth);
    });
    return `| ${provisioned} | ${onDemand} |`;
  });
  const page = read('operating.md');

  for (const row of rows) expect(page).toContain(row);
  const [replicator, mirrorMaker] = cost({}).peers.map(({ usdPerMonth }) => shown(usdPerMonth));
  expect(page.replaceAll(/\s+/g, ' ')).toContain(
    `MSK Replicator ${replicator}, MirrorMaker 2 on MSK Connect ${mirrorMaker}`,
  );
});

/** As GitHub makes it of a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
}
