import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../../shared/cli/commands.ts';
import { withOutputs } from '../../../shared/cli/document/outputs.ts';

const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

test('docs/cli.md shows what its commands print (node shared/cli/document/update.ts)', async () => {
  expect(await withOutputs(page)).toBe(page);
});

test.each(COMMANDS)('docs/cli.md has a section about $name with an example', ({ name }) => {
  expect(page).toMatch(new RegExp(`^## ${name}$[\\s\\S]*<!-- run: causeway ${name}`, 'm'));
});
