import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withReasons } from '../../../shared/checkpoint/document/reason-table.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const page = read('docs/groups.md');

test('docs/groups.md has every reason: else run `node shared/checkpoint/document/update.ts`', () => {
  expect(withReasons(page)).toBe(page);
});

test('docs/groups.md has every metric of both functions, and no other', () => {
  const code = ['checkpoint', 'heartbeat'].map((name) => read(`functions/${name}/report.ts`)).join('\n');
  const published = [...code.matchAll(/addMetric\('(\w+)'/g)].map(([, name]) => name);
  const table = page.slice(page.indexOf('## Metrics'), page.indexOf('## By hand'));
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  const documented = rows.flatMap((row) =>
    [...(row.split('|')[1]?.matchAll(/`(\w+)`/g) ?? [])].map(([, name]) => name),
  );

  expect(documented.filter((name) => name !== 'Reason').toSorted()).toEqual([...new Set(published)].toSorted());
});
