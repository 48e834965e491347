import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withStages } from '../../../../shared/runbook/document/stage-tables.ts';
import { STAGES } from '../../../../shared/runbook/stages.ts';

const page = readFileSync(new URL('../../../../docs/runbooks.md', import.meta.url), 'utf8');

test('docs/runbooks.md has the stages as they are: else run `node shared/runbook/document/update.ts`', () => {
  expect(withStages(page)).toBe(page);
});

test('what the page says of a stage is replaced, and what is around it stays', () => {
  const changed = page.replace('### drain', '### drained').replace('# Runbooks', '# Of runbooks');
  expect(withStages(changed)).toBe(page.replace('# Runbooks', '# Of runbooks'));
});

test('every stage can be linked to, and no text breaks a table', () => {
  for (const { name, changes, clientsSee } of STAGES) {
    expect(page.split(`\n### ${name}\n`)).toHaveLength(2);
    expect(`${changes}${clientsSee}`).not.toMatch(/[|\n]/);
  }
});

test('a page without a place for them is refused', () => {
  expect(() => withStages('# Runbooks\n')).toThrow(/no <!-- stages/);
});
