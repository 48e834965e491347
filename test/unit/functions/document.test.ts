import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const at = (path: string) => new URL(`../../../${path}`, import.meta.url);
const read = (path: string) => readFileSync(at(path), 'utf8');

test('docs/deploy.md and docs/groups.md say what each metric means', () => {
  const sources = readdirSync(at('functions'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const names = sources.flatMap((name) =>
    [...read(`functions/${name}`).matchAll(/(?:addMetric\(|kind: '[a-z-]+', name: )'(\w+)'/g)].map(
      ([, metric]) => metric,
    ),
  );
  const pages = read('docs/deploy.md') + read('docs/groups.md');

  expect(new Set(names).size).toBeGreaterThan(40);
  expect([...new Set(names)].filter((name) => !pages.includes(`\`${name}\``))).toEqual([]);
});
