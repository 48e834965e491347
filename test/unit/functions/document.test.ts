import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultAlarmSettings } from '../../../shared/metrics/alarms.ts';
import { METRICS, type MetricFacts } from '../../../shared/metrics/catalogue.ts';
import { withAlarms } from '../../../shared/metrics/document/alarm-sections.ts';
import { withMetrics } from '../../../shared/metrics/document/metric-tables.ts';

const at = (path: string) => new URL(`../../../${path}`, import.meta.url);
const read = (path: string) => readFileSync(at(path), 'utf8');
const facts: readonly (readonly [string, MetricFacts])[] = Object.entries(METRICS);

test('docs/metrics.md has every metric: else run `node shared/metrics/document/update.ts`', () => {
  const page = read('docs/metrics.md');

  expect(withMetrics(page)).toBe(page);
});

test('only metrics of runbooks are published at the end of dry runs: nothing else has any', () => {
  const rows = read('docs/metrics.md').split('\n');
  const names = rows
    .filter((row) => row.includes('| at the end of a run or dry run |'))
    .map((row) => row.split('`')[1]);

  expect(names).toEqual(
    facts.filter(([, { by, level }]) => by === 'runbook' && level === 'rare').map(([name]) => name),
  );
});

test('docs/operating.md has every alarm, with what sets it: else run the same', () => {
  const page = read('docs/operating.md');

  expect(withAlarms(page)).toBe(page);
  expect(page.match(/Set by `/g)).toHaveLength(Object.keys(defaultAlarmSettings).length);
});

test('every metric is published by the function that the table says', () => {
  const sources = readdirSync(at('functions'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const code = new Map(sources.map((name) => [name, read(`functions/${name}`)]));
  const runbook = read('shared/runbook/machine.ts');
  const missing = facts.filter(([name, { by }]) => {
    const own = [...code]
      .filter(([file]) => by === 'every function' || file.startsWith(`${by}/`))
      .map(([, text]) => text);
    return ![...own, ...(by === 'runbook' ? [runbook] : [])].some((text) => new RegExp(`\\b${name}\\b`).test(text));
  });

  expect(missing).toEqual([]);
});

test('a flow has at most ten metrics that always have a value, a topic at most six', () => {
  const always = facts.filter(([, { level }]) => level === 'always');

  expect(always.length).toBeLessThanOrEqual(10);
  expect(always.filter(([, { of }]) => of === 'flow and topic').length).toBeLessThanOrEqual(6);
});
