import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as constructs from '../../../infra/index.ts';
import { OLDEST_NODE } from '../../../shared/runtime/node-version.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

it('the package’s entry gives out all that index.ts does', () => {
  const [, list = ''] = /export const \{([^}]*)\} = constructs\(\)/.exec(read('infra/package.ts')) ?? [];

  const named = list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  expect(named.toSorted()).toEqual(Object.keys(constructs).toSorted());
});

it('one oldest Node is told by package.json, by the command and by the entries', () => {
  expect(JSON.parse(read('package.json')).engines).toEqual({ node: `>=${OLDEST_NODE}` });
  expect(read('bin/causeway.mjs')).toContain(`const OLDEST_NODE = '${OLDEST_NODE}';`);
});
