import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withReasons } from '../../../shared/checkpoint/document/reason-table.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const page = read('docs/groups.md');

test('docs/groups.md has every reason: else run `node shared/checkpoint/document/update.ts`', () => {
  expect(withReasons(page)).toBe(page);
});
